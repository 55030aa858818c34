// SPDX-License-Identifier: Apache-2.0
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.function.ToLongFunction;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;

/** The official Java driver at the work of benchmarks/neo4j: see driver_process.hpp there. */
public class Peer {
  private static final String ROWS =
      "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, [id, id + 1, id + 2] AS marks";
  private static final String STRUCTS =
      "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, id * 1.5 AS score";
  private static final String ONE = "RETURN $number AS number";
  private static final long LEAST_SUM = 1_000_000L * 500_000;

  private record Row(long id, String name, double score) {}

  public static void main(String[] args) {
    try (var driver = GraphDatabase.driver("bolt://127.0.0.1:" + args[0], AuthTokens.basic("neo4j", args[1]))) {
      System.out.println("Java neo4j-java-driver " + args[2]);
      var in = new Scanner(System.in);
      while (in.hasNext()) {
        String work = in.next();
        for (int times = in.nextInt(); times > 0; times--) run(driver, work);
        System.out.println("done");
      }
    }
  }

  private static void run(Driver driver, String work) {
    switch (work) {
      case "rows" -> stream(driver, ROWS, Peer::readRow);
      case "structs" -> stream(driver, STRUCTS, Peer::readStruct);
      case "query" -> query(driver);
      case "execute_read" -> executeRead(driver);
      default -> throw new IllegalArgumentException(work);
    }
  }

  private static void stream(Driver driver, String query, ToLongFunction<Record> read) {
    try (var session = driver.session()) {
      long sum = 0;
      for (var result = session.run(query); result.hasNext(); ) sum += read.applyAsLong(result.next());
      require(sum >= LEAST_SUM);
    }
  }

  private static long readRow(Record record) {
    long sum = record.get(0).asLong() + record.get(1).asString().length();
    List<Long> marks = record.get(2).asList(value -> value.asLong());
    for (long mark : marks) sum += mark;
    return sum;
  }

  private static long readStruct(Record record) {
    var row = new Row(record.get(0).asLong(), record.get(1).asString(), record.get(2).asDouble());
    return row.id() + row.name().length() + (long) row.score();
  }

  private static void query(Driver driver) {
    try (var session = driver.session()) {
      require(session.run(ONE, Map.of("number", 7)).single().get(0).asLong() == 7);
    }
  }

  private static void executeRead(Driver driver) {
    try (var session = driver.session()) {
      long number = session.executeRead(tx -> tx.run(ONE, Map.of("number", 7)).single().get(0).asLong());
      require(number == 7);
    }
  }

  private static void require(boolean holds) {
    if (!holds) throw new IllegalStateException("not what was expected");
  }
}

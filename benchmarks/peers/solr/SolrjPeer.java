// SPDX-License-Identifier: Apache-2.0
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.solr.client.solrj.SolrQuery;
import org.apache.solr.client.solrj.beans.Field;
import org.apache.solr.client.solrj.impl.Http2SolrClient;
import org.apache.solr.client.solrj.io.SolrClientCache;
import org.apache.solr.client.solrj.io.stream.SolrStream;
import org.apache.solr.client.solrj.io.stream.StreamContext;
import org.apache.solr.common.params.CursorMarkParams;
import org.apache.solr.common.params.ModifiableSolrParams;

/**
 * SolrJ at the work of benchmarks/solr: the same documents, batches and queries, beans instead of structs.
 * Arguments: the address of the core, the name that the figures go by, and the numbers of the works to do, in order.
 */
public class SolrjPeer {
  private static final int DOCUMENTS = 100_000;
  private static final int BATCH = 1_000;
  private static final int QUERIES = 2_000;
  private static final int ROUNDS = 3;
  private static String subject;

  public static class Item {
    @Field public String id;
    @Field public List<String> title;
    @Field public String name_s;
    @Field public Integer popularity;
    @Field public Float price;
  }

  private interface Work {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    subject = args[1];
    try (var solr = new Http2SolrClient.Builder(args[0]).useHttp1_1(true).build()) {
      for (int i = 2; i < args.length; i++) {
        switch (Integer.parseInt(args[i])) {
          case 1 -> index(solr);
          case 2 -> measure("query by id", QUERIES, "query", () -> {
            for (int n = 0; n < QUERIES; n++) solr.query(new SolrQuery("id:" + n * 37)).getBeans(Item.class);
          });
          case 3 -> measure("query with 10 rows", QUERIES, "query", () -> {
            for (int n = 0; n < QUERIES; n++) solr.query(new SolrQuery("title:word" + n % 1000)).getBeans(Item.class);
          });
          case 4 -> measure("read 100,000 documents by a cursor, 1,000 a page", DOCUMENTS, "row", () -> read(solr));
          case 5 -> measure("export 100,000 rows of 4 fields", DOCUMENTS, "row", () -> export(args[0], solr));
          default -> throw new IllegalArgumentException("works are 1 to 5");
        }
      }
    }
  }

  private static void index(Http2SolrClient solr) throws Exception {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) items.add(make(i));
    measure("index 100,000 documents, 1,000 a request", DOCUMENTS, "document", () -> {
      for (int at = 0; at < DOCUMENTS; at += BATCH) solr.addBeans(items.subList(at, at + BATCH));
      solr.commit();
    });
  }

  private static void read(Http2SolrClient solr) throws Exception {
    String mark = CursorMarkParams.CURSOR_MARK_START;
    for (;;) {
      var query = new SolrQuery("*:*").setRows(1000).setSort("id", SolrQuery.ORDER.asc)
          .setFields("id", "title", "name_s", "popularity", "price");
      query.set(CursorMarkParams.CURSOR_MARK_PARAM, mark);
      var page = solr.query(query);
      page.getBeans(Item.class);
      if (page.getNextCursorMark().equals(mark)) break;
      mark = page.getNextCursorMark();
    }
  }

  /**
   * By SolrStream, whose tuples are maps: what SolrJ has for /export. The parsers behind solr.query() fail at the answer
   * of that handler. In javabin, which costs SolrJ about half of what JSON does, its default.
   */
  private static void export(String url, Http2SolrClient solr) throws Exception {
    var params = new ModifiableSolrParams().set("qt", "/export").set("wt", "javabin")
        .set("q", "*:*").set("sort", "id asc").set("fl", "id,name_s,popularity,price");
    int rows = 0;
    try (var clients = new SolrClientCache(solr); var stream = new SolrStream(url, params)) {
      var context = new StreamContext();
      context.setSolrClientCache(clients);
      stream.setStreamContext(context);
      stream.open();
      for (var row = stream.read(); !row.EOF; row = stream.read()) rows += row.getString("id").isEmpty() ? 0 : 1;
    }
    if (rows != DOCUMENTS) throw new IllegalStateException(rows + " rows");
  }

  private static Item make(int i) {
    Item item = new Item();
    item.id = Integer.toString(i);
    item.title = List.of("title of document " + i + " about word" + i % 1000);
    item.name_s = "name-" + i % 5000;
    item.popularity = i % 100;
    item.price = i / 8f;
    return item;
  }

  /** The first round warms the virtual machine up. */
  private static void measure(String name, int units, String unit, Work work) throws Exception {
    var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double wall = Double.MAX_VALUE;
    double cpu = Double.MAX_VALUE;
    for (int round = 0; round <= ROUNDS; round++) {
      long used = system.getProcessCpuTime();
      long started = System.nanoTime();
      work.run();
      if (round == 0) continue;
      wall = Math.min(wall, (System.nanoTime() - started) / 1e9);
      cpu = Math.min(cpu, (system.getProcessCpuTime() - used) / 1e3);
    }
    print(name, unit + " a second", units / wall, "1/s");
    print(name, "client CPU per " + unit, cpu / units, "us");
  }

  private static void print(String name, String metric, double value, String unit) {
    System.out.printf("{\"benchmark\":\"%s\",\"subject\":\"%s\",\"metric\":\"%s\",\"value\":%f,\"unit\":\"%s\"}%n",
        name, subject, metric, value, unit);
  }
}

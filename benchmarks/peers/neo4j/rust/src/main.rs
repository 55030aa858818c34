// SPDX-License-Identifier: Apache-2.0
//! Rust's neo4j at the work of benchmarks/neo4j: see driver_process.hpp there.
use std::io::{self, BufRead, Write};
use std::sync::Arc;

use neo4j::driver::auth::AuthToken;
use neo4j::driver::record_stream::RecordStream;
use neo4j::driver::{ConnectionConfig, Driver, DriverConfig, Record, RoutingControl};
use neo4j::retry::ExponentialBackoff;
use neo4j::session::{Session, SessionConfig};
use neo4j::{value_map, ValueReceive};

const ROWS: &str = "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, [id, id + 1, id + 2] AS marks";
const STRUCTS: &str = "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, id * 1.5 AS score";
const ONE: &str = "RETURN $number AS number";
const LEAST_SUM: i64 = 1_000_000 * 500_000;

struct Row {
    id: i64,
    name: String,
    score: f64,
}

fn integer(value: ValueReceive) -> i64 {
    value.try_into_int().unwrap()
}

fn read_row(record: Record) -> i64 {
    let mut values = record.into_values();
    let id = integer(values.next().unwrap());
    let name = values.next().unwrap().try_into_string().unwrap();
    let marks = values.next().unwrap().try_into_list().unwrap();
    id + name.len() as i64 + marks.into_iter().map(integer).sum::<i64>()
}

fn read_struct(record: Record) -> i64 {
    let mut values = record.into_values();
    let row = Row {
        id: integer(values.next().unwrap()),
        name: values.next().unwrap().try_into_string().unwrap(),
        score: values.next().unwrap().try_into_float().unwrap(),
    };
    row.id + row.name.len() as i64 + row.score as i64
}

fn stream(session: &mut Session, query: &str, read: fn(Record) -> i64) {
    let sum = session
        .auto_commit(query)
        .with_receiver(|stream: &mut RecordStream| {
            let mut sum = 0;
            for record in stream {
                sum += read(record?);
            }
            Ok(sum)
        })
        .run()
        .unwrap();
    assert!(sum >= LEAST_SUM);
}

fn run_query(session: &mut Session) {
    let number = session
        .auto_commit(ONE)
        .with_parameters(value_map!({"number": 7}))
        .with_receiver(|stream: &mut RecordStream| Ok(stream.single()??))
        .run()
        .unwrap();
    assert_eq!(integer(number.into_values().next().unwrap()), 7);
}

fn run_transaction(session: &mut Session) {
    let number = session
        .transaction()
        .with_routing_control(RoutingControl::Read)
        .run_with_retry(ExponentialBackoff::default(), |tx| {
            let mut stream = tx.query(ONE).with_parameters(value_map!({"number": 7})).run()?;
            let record = stream.single()??;
            stream.consume()?;
            tx.commit()?;
            Ok(record)
        })
        .unwrap();
    assert_eq!(integer(number.into_values().next().unwrap()), 7);
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let address = ("127.0.0.1", arguments[1].parse::<u16>().unwrap()).into();
    let token = Arc::new(AuthToken::new_basic_auth("neo4j", &arguments[2]));
    let driver = Driver::new(ConnectionConfig::new(address), DriverConfig::new().with_auth(token));
    println!("Rust neo4j 0.2.0");
    for line in io::stdin().lock().lines() {
        let line = line.unwrap();
        let (work, times) = line.split_once(' ').unwrap();
        for _ in 0..times.parse::<u32>().unwrap() {
            let mut session = driver.session(SessionConfig::new());
            match work {
                "rows" => stream(&mut session, ROWS, read_row),
                "structs" => stream(&mut session, STRUCTS, read_struct),
                "query" => run_query(&mut session),
                "execute_read" => run_transaction(&mut session),
                _ => panic!("{work}"),
            }
        }
        println!("done");
        io::stdout().flush().unwrap();
    }
}

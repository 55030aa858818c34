// SPDX-License-Identifier: Apache-2.0

// The official Go driver at the work of benchmarks/neo4j: see driver_process.hpp there.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

const (
	rowsQuery    = "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, [id, id + 1, id + 2] AS marks"
	structsQuery = "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, id * 1.5 AS score"
	oneQuery     = "RETURN $number AS number"
	leastSum     = 1000000 * 500000
)

type row struct {
	id    int64
	name  string
	score float64
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func require(holds bool) {
	if !holds {
		panic("not what was expected")
	}
}

func stream(driver neo4j.DriverWithContext, query string, read func(*neo4j.Record) int64) {
	ctx := context.Background()
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	result, err := session.Run(ctx, query, nil)
	check(err)
	var sum int64
	for result.Next(ctx) {
		sum += read(result.Record())
	}
	check(result.Err())
	require(sum >= leastSum)
}

func readRow(record *neo4j.Record) int64 {
	sum := record.Values[0].(int64) + int64(len(record.Values[1].(string)))
	for _, mark := range record.Values[2].([]any) {
		sum += mark.(int64)
	}
	return sum
}

func readStruct(record *neo4j.Record) int64 {
	one := row{record.Values[0].(int64), record.Values[1].(string), record.Values[2].(float64)}
	return one.id + int64(len(one.name)) + int64(one.score)
}

var parameters = map[string]any{"number": 7}

func runQuery(driver neo4j.DriverWithContext) {
	ctx := context.Background()
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	result, err := session.Run(ctx, oneQuery, parameters)
	check(err)
	record, err := result.Single(ctx)
	check(err)
	require(record.Values[0].(int64) == 7)
}

func runTransaction(driver neo4j.DriverWithContext) {
	ctx := context.Background()
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	number, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		result, err := tx.Run(ctx, oneQuery, parameters)
		if err != nil {
			return nil, err
		}
		record, err := result.Single(ctx)
		if err != nil {
			return nil, err
		}
		return record.Values[0], nil
	})
	check(err)
	require(number.(int64) == 7)
}

func main() {
	driver, err := neo4j.NewDriverWithContext("bolt://127.0.0.1:"+os.Args[1], neo4j.BasicAuth("neo4j", os.Args[2], ""))
	check(err)
	works := map[string]func(){
		"rows":         func() { stream(driver, rowsQuery, readRow) },
		"structs":      func() { stream(driver, structsQuery, readStruct) },
		"query":        func() { runQuery(driver) },
		"execute_read": func() { runTransaction(driver) },
	}
	fmt.Println("Go neo4j-go-driver 5.28.4")
	for {
		var work string
		var times int
		if _, err := fmt.Scan(&work, &times); err != nil {
			return
		}
		for i := 0; i < times; i++ {
			works[work]()
		}
		fmt.Println("done")
	}
}

// SPDX-License-Identifier: Apache-2.0
// mgclient at the work of benchmarks/neo4j: see driver_process.hpp there. It has one connection and no sessions on it.
#include <mgclient.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const rows_query =
    "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, [id, id + 1, id + 2] AS marks";
static const char *const structs_query =
    "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, id * 1.5 AS score";
static const char *const one_query = "RETURN $number AS number";
static const int64_t least_sum = INT64_C(1000000) * 500000;

struct row {
  int64_t id;
  char name[32];
  uint32_t name_size;
  double score;
};

static void require(int holds) {
  if (!holds) abort();
}

static const mg_value *column(const mg_result *result, uint32_t index) {
  return mg_list_at(mg_result_row(result), index);
}

static int64_t read_row(const mg_result *result) {
  int64_t sum = mg_value_integer(column(result, 0)) + mg_string_size(mg_value_string(column(result, 1)));
  const mg_list *marks = mg_value_list(column(result, 2));
  for (uint32_t i = 0; i < mg_list_size(marks); ++i) sum += mg_value_integer(mg_list_at(marks, i));
  return sum;
}

static int64_t read_struct(const mg_result *result) {
  const mg_string *name = mg_value_string(column(result, 1));
  struct row row;
  row.id = mg_value_integer(column(result, 0));
  row.name_size = mg_string_size(name);
  require(row.name_size <= sizeof row.name);
  memcpy(row.name, mg_string_data(name), row.name_size);
  row.score = mg_value_float(column(result, 2));
  return row.id + row.name_size + (int64_t)row.score;
}

static void stream(mg_session *session, const char *query, int64_t (*read)(const mg_result *)) {
  mg_result *result = NULL;
  int64_t sum = 0;
  int status = 0;
  require(mg_session_run(session, query, NULL, NULL, NULL, NULL) == 0);
  require(mg_session_pull(session, NULL) == 0);
  while ((status = mg_session_fetch(session, &result)) == 1) sum += read(result);
  require(status == 0 && sum >= least_sum);
}

static void run_query(mg_session *session) {
  mg_result *result = NULL;
  mg_map *parameters = mg_map_make_empty(1);
  require(mg_map_insert(parameters, "number", mg_value_make_integer(7)) == 0);
  require(mg_session_run(session, one_query, parameters, NULL, NULL, NULL) == 0);
  mg_map_destroy(parameters);
  require(mg_session_pull(session, NULL) == 0);
  require(mg_session_fetch(session, &result) == 1 && mg_value_integer(column(result, 0)) == 7);
  require(mg_session_fetch(session, &result) == 0);
}

static void run_transaction(mg_session *session) {
  mg_result *result = NULL;
  mg_map *extra = mg_map_make_empty(1);
  require(mg_map_insert(extra, "mode", mg_value_make_string("r")) == 0);
  require(mg_session_begin_transaction(session, extra) == 0);
  mg_map_destroy(extra);
  run_query(session);
  require(mg_session_commit_transaction(session, &result) == 0);
}

static void run(mg_session *session, const char *work) {
  if (strcmp(work, "rows") == 0) stream(session, rows_query, read_row);
  if (strcmp(work, "structs") == 0) stream(session, structs_query, read_struct);
  if (strcmp(work, "query") == 0) run_query(session);
  if (strcmp(work, "execute_read") == 0) run_transaction(session);
}

int main(int argc, char **argv) {
  char work[32];
  int times = 0;
  mg_session *session = NULL;
  mg_session_params *params = mg_session_params_make();
  require(argc == 3 && mg_init() == 0);
  mg_session_params_set_host(params, "127.0.0.1");
  mg_session_params_set_port(params, (uint16_t)atoi(argv[1]));
  mg_session_params_set_username(params, "neo4j");
  mg_session_params_set_password(params, argv[2]);
  mg_session_params_set_sslmode(params, MG_SSLMODE_DISABLE);
  if (mg_connect(params, &session) != 0) {
    fprintf(stderr, "mgclient: %s\n", mg_session_error(session));
    return 1;
  }
  mg_session_params_destroy(params);
  printf("mgclient %s\n", mg_client_version());
  fflush(stdout);
  while (scanf("%31s %d", work, &times) == 2) {
    while (times-- > 0) run(session, work);
    puts("done");
    fflush(stdout);
  }
  mg_session_destroy(session);
  mg_finalize();
  return 0;
}

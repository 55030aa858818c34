// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib::solr {

/// What must only ever be text: operators, local parameters, nested queries, references, macros, parameters that are
/// smuggled in, and characters that end a quotation.
inline const char* const hostile[] = {
    "*:*",
    "*",
    " *\t",
    "\x01*\x02",  // a star between blanks, to Java
    "?",
    "title:*",
    "doc OR *:*",
    "zzz\u3000OR\u3000doc",  // a blank to the query language
    "NOT zzz",
    "-zzz",
    "+a -b",
    "!zzz",
    "a && b || *:*",
    "[* TO *]",
    "{* TO *}",
    "zzz) OR (*:*",
    "zzz\" OR *:* OR \"",
    "zzz' OR *:*",
    "zzz\\",
    "zzz\\\" OR *:* OR \"",
    "\" TO \"~\"] OR *:* OR type_s:[\"a",
    " TO ~] OR *:* OR type_s:[a TO b",
    "/.*/",
    "zzz~2",
    "/* zzz */ *:*",
    "AND",
    "zzz OR name_s:[* TO *]^=1",
    "\"zzz doc\"~9 *:*",
    "zzz'} *:* {!term f='id' v='",
    "zzz\\'} *:*",
    "zzz^100",
    "{!lucene}*:*",
    "{!func}1",
    "{!match_alldocs}",
    "{!xmlparser v='<MatchAllDocsQuery/>'}",
    "_query_:\"*:*\"",
    "_query_:\"{!lucene}*:*\"",
    "_val_:\"1\"",
    "$q",
    "${q}",
    "$_core_lib_0",
    "zzz&q=*:*&shards=evil:8983/solr",
    "zzz&fq=&rows=1000#",
    "zzz}{!lucene}*:*",
    "zzz'}*:*",
    "%2A%3A%2A",
    "zzz\r\nq: *:*",
    "filter(*:*)",
    "zzz;sort=id",
    "<MatchAllDocsQuery/>",
};

}  // namespace core_lib::solr

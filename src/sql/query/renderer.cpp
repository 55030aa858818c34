// SPDX-License-Identifier: Apache-2.0
#include "sql/query/renderer.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "core_lib/error/error.hpp"

#include "sql/query/expression_renderer.hpp"

namespace core_lib::sql::detail {
namespace {

struct Section {
  Op op;
  std::span<const Token> tokens;
  std::uint32_t first_parameter;
};

class Renderer {
 public:
  Renderer(const Dialect& dialect, std::span<const Token> shape)
      : dialect_(dialect), statement_(shape[0]), table_(shape[1].table().table()), out_() {
    for (std::size_t at = 2; at < shape.size();) {
      const Token head = shape[at];
      sections_.push_back({head.op(), shape.subspan(at + 1, head.a()), head.b()});
      at += 1U + head.a();
      if (head.op() == Op::join || head.op() == Op::left_join) qualify_ = true;
    }
  }

  Rendered run() && {
    switch (statement_.op()) {
      case Op::select:
        select();
        if (has(Op::for_update)) text(dialect_.for_update());
        break;
      case Op::count_rows:
        count_rows();
        break;
      case Op::exists:
        text("SELECT EXISTS(");
        rows_alone();
        text(")");
        break;
      case Op::update:
        update();
        break;
      case Op::remove:
        remove();
        break;
      case Op::update_returning:
        require_update_returns();
        update();
        returning_fields();
        break;
      case Op::remove_returning:
        remove();
        returning_fields();
        break;
      case Op::insert:
        insert();
        break;
      case Op::insert_returning:
        insert();
        returning_key();
        break;
      case Op::upsert:
        upsert();
        break;
      case Op::upsert_returning:
        upsert();
        returning_key();
        break;
      case Op::get:
        text("SELECT ");
        all_fields();
        text(" FROM ");
        name(table_.name);
        by_key();
        break;
      case Op::save:
        save();
        break;
      default:
        break;
    }
    return std::move(out_);
  }

 private:
  void text(std::string_view sql) { out_.sql += sql; }
  void name(std::string_view identifier) { dialect_.quote(out_.sql, identifier); }
  void placeholder(std::uint32_t parameter) {
    out_.bindings.push_back({parameter});
    dialect_.placeholder(out_.sql, out_.bindings.size());
  }
  const mapping::Field& key_field() const { return table_.fields[table_.key[0]]; }
  bool has(Op op) const {
    for (const Section& section : sections_) {
      if (section.op == op) return true;
    }
    return false;
  }
  bool is_key(std::size_t field) const {
    for (const std::size_t key : table_.key) {
      if (key == field) return true;
    }
    return false;
  }

  void expression(std::span<const Token> tokens, std::uint32_t first_parameter, bool beside_and = false) {
    render_expression(dialect_, tokens, first_parameter, {qualify_, beside_and}, out_);
  }
  void where() {
    const auto is_where = [](const Section& section) { return section.op == Op::where; };
    const bool several = std::count_if(sections_.begin(), sections_.end(), is_where) > 1;
    clauses(Op::where, " WHERE ", " AND ", several);
  }
  void clauses(Op op, std::string_view before, std::string_view between, bool beside_and = false) {
    bool first = true;
    for (const Section& section : sections_) {
      if (section.op != op) continue;
      text(first ? before : between);
      first = false;
      expression(section.tokens, section.first_parameter, beside_and);
    }
  }
  void all_fields() {
    bool first = true;
    for (const mapping::Field& field : table_.fields) {
      if (!std::exchange(first, false)) text(", ");
      if (qualify_) {
        name(table_.name);
        text(".");
      }
      name(field.name);
    }
  }
  void from_where() {
    from();
    where();
    clauses(Op::group_by, " GROUP BY ", ", ");
    clauses(Op::order_by, " ORDER BY ", ", ");
    limits();
  }
  void from() {
    text(" FROM ");
    name(table_.name);
    for (const Section& section : sections_) {
      if (section.op != Op::join && section.op != Op::left_join) continue;
      text(section.op == Op::join ? " JOIN " : " LEFT JOIN ");
      name(section.tokens[0].table().table().name);
      text(" ON ");
      expression(section.tokens.subspan(1), section.first_parameter);
    }
  }
  void limits() {
    const Section* limit = last(Op::limit);
    const Section* offset = last(Op::offset);
    if (limit) {
      text(" LIMIT ");
      placeholder(limit->first_parameter);
    } else if (offset) {
      text(dialect_.no_limit());
    }
    if (offset) {
      text(" OFFSET ");
      placeholder(offset->first_parameter);
    }
  }
  // The tightest of several would need both; the last one said is what a reader expects.
  const Section* last(Op op) const {
    const Section* found = nullptr;
    for (const Section& section : sections_) {
      if (section.op == op) found = &section;
    }
    return found;
  }
  void select() {
    text(has(Op::distinct) ? "SELECT DISTINCT " : "SELECT ");
    if (has(Op::column)) {
      clauses(Op::column, "", ", ");
    } else {
      all_fields();
    }
    from_where();
  }
  /// Without GROUP BY an aggregate makes one row of all, even of none.
  bool has_aggregate() const {
    for (const Section& section : sections_) {
      if (section.op == Op::column && contains_aggregate(section.tokens)) return true;
    }
    return false;
  }
  /// As many rows as select() gives. Columns count for nothing unless they decide about the rows; each gets a name,
  /// since two of one name cannot stand in a subquery everywhere.
  void rows_alone() {
    if (!has(Op::distinct) && !has_aggregate()) {
      text("SELECT 1");
    } else if (!has(Op::column)) {
      select();
      return;
    } else {
      text(has(Op::distinct) ? "SELECT DISTINCT " : "SELECT ");
      int number = 0;
      for (const Section& section : sections_) {
        if (section.op != Op::column) continue;
        if (number != 0) text(", ");
        expression(section.tokens, section.first_parameter);
        text(" AS c" + std::to_string(++number));
      }
    }
    from_where();
  }
  void count_rows() {
    if (has(Op::limit) || has(Op::offset) || has(Op::group_by) || has(Op::distinct) || has_aggregate()) {
      text("SELECT COUNT(*) FROM (");
      rows_alone();
      text(") AS counted");
      return;
    }
    text("SELECT COUNT(*)");
    from();
    where();
  }
  void update() {
    text("UPDATE ");
    name(table_.name);
    bool first = true;
    for (const Section& section : sections_) {
      if (section.op != Op::assign) continue;
      text(std::exchange(first, false) ? " SET " : ", ");
      name(field_of(section.tokens[1].column()).name);
      text(" = ");
      expression(section.tokens.subspan(2), section.first_parameter);
    }
    where();
  }
  void insert() {
    const bool with_key = statement_.b() != 0;
    text("INSERT INTO ");
    name(table_.name);
    bool first = true;
    for (std::size_t i = 0; i < table_.fields.size(); ++i) {
      if (!with_key && is_key(i)) continue;
      text(std::exchange(first, false) ? " (" : ", ");
      name(table_.fields[i].name);
    }
    if (first) {
      text(dialect_.no_values());
      return;
    }
    text(") VALUES ");
    const std::size_t columns = table_.fields.size() - (with_key ? 0 : table_.key.size());
    std::uint32_t parameter = 0;
    for (std::size_t row = 0; row < statement_.a(); ++row) {
      text(row == 0 ? "(" : ", (");
      for (std::size_t column = 0; column < columns; ++column) {
        if (column != 0) text(", ");
        placeholder(parameter++);
      }
      text(")");
    }
  }
  void upsert() {
    insert();
    std::vector<std::string_view> unique;
    std::vector<std::string_view> written;
    for (const Section& section : sections_) unique.push_back(table_.fields[section.first_parameter].name);
    for (std::size_t i = 0; i < table_.fields.size(); ++i) {
      const std::string_view field = table_.fields[i].name;
      if (!is_key(i) && std::find(unique.begin(), unique.end(), field) == unique.end()) written.push_back(field);
    }
    if (written.empty()) written.push_back(unique.front());  // so that the row counts, and its key is given back
    dialect_.upsert(out_.sql, unique, written);
  }
  void remove() {
    text("DELETE FROM ");
    name(table_.name);
    where();
  }
  void returning_key() {
    text(" RETURNING ");
    name(key_field().name);
  }
  void returning_fields() {
    text(" RETURNING ");
    all_fields();
  }
  void require_update_returns() const {
    if (dialect_.update_returns()) return;
    throw UsageError(std::string(dialect_.name()) +
                     " cannot give back the rows of an UPDATE; read them with for_update() first, then update() them");
  }
  void by_key(std::uint32_t parameter = 0) {
    bool first = true;
    for (const std::size_t key : table_.key) {
      text(std::exchange(first, false) ? " WHERE " : " AND ");
      name(table_.fields[key].name);
      text(" = ");
      placeholder(parameter++);
    }
  }
  void save() {
    text("UPDATE ");
    name(table_.name);
    bool first = true;
    std::uint32_t parameter = 0;
    for (std::size_t i = 0; i < table_.fields.size(); ++i) {
      if (is_key(i)) continue;
      text(std::exchange(first, false) ? " SET " : ", ");
      name(table_.fields[i].name);
      text(" = ");
      placeholder(parameter++);
    }
    if (first) {  // nothing but the key: the statement only tells whether the row is there
      text(" SET ");
      name(key_field().name);
      text(" = ");
      name(key_field().name);
    }
    by_key(parameter);
  }

  const Dialect& dialect_;
  Token statement_;
  const mapping::EntityTable& table_;
  std::vector<Section> sections_;
  bool qualify_ = false;
  Rendered out_;
};

}  // namespace

Rendered render(const Dialect& dialect, std::span<const Token> shape) { return Renderer(dialect, shape).run(); }

}  // namespace core_lib::sql::detail

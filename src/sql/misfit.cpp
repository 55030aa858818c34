// SPDX-License-Identifier: Apache-2.0
#include "sql/misfit.hpp"

#include <algorithm>

#include "sql/decode.hpp"

namespace core_lib::sql::detail {
namespace {

bool is_part_of_name(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool mentions(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_part_of_name(text[at - 1])) && (end == text.size() || !is_part_of_name(text[end]))) return true;
  }
  return false;
}

/// The field whose column the engine complains about, or null: every engine names it behind the word.
const mapping::Field* field_in(std::string_view message, const mapping::EntityTable& table) {
  const std::size_t column = message.rfind("olumn");
  if (column == std::string_view::npos) return nullptr;
  const auto found = std::find_if(table.fields.begin(), table.fields.end(), [&](const mapping::Field& field) {
    return mentions(message.substr(column), field.name);
  });
  return found == table.fields.end() ? nullptr : &*found;
}

}  // namespace

std::string member_of(const mapping::EntityTable& table, const mapping::Field& field) {
  const std::string_view type = table.type_name.substr(table.type_name.rfind(':') + 1);
  return std::string(type) + "::" + std::string(field.member.empty() ? field.name : field.member);
}

void throw_with_field(const ConversionError& error, const mapping::EntityTable& table, const mapping::Field& field) {
  throw_with_column(error,
                    std::string(table.name) + "." + std::string(field.name) + "', kept in '" + member_of(table, field));
}

void throw_with_entity(const SyntaxError& error, const mapping::EntityTable& table) {
  std::string message = error.what();
  message += " | the statement is for " + std::string(table.type_name) + ", kept in the table '" +
             std::string(table.name) + "'";
  if (const mapping::Field* const field = field_in(error.what(), table)) {
    message += ", whose column '" + std::string(field->name) + "' is " + member_of(table, *field);
  }
  throw SyntaxError(message + "; make the table and the struct agree",
                    {.native_code = error.native_code(), .cause = std::current_exception()});
}

}  // namespace core_lib::sql::detail

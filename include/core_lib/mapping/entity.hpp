// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/detail/reflection.hpp"
#include "core_lib/mapping/detail/table_builder.hpp"
#include "core_lib/mapping/entity_table.hpp"
#include "core_lib/mapping/field_type.hpp"
#include "core_lib/mapping/list_codec.hpp"

namespace core_lib {

/// How a struct is kept in a data source: specialise it for your type by inheriting from entity<...>.
/// With a member `using columns = core_lib::columns<&User::id, ...>;` these members are the fields, in that order;
/// without it they are all the fields of the aggregate.
template <class T>
struct Entity;

namespace mapping {

/// A string as a template argument.
template <std::size_t Size>
struct FixedString {
  char text[Size];
  constexpr FixedString(const char (&literal)[Size]) noexcept {  // NOLINT: written as a literal
    for (std::size_t i = 0; i < Size; ++i) text[i] = literal[i];
  }
  /// Without the zero at its end.
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, Size - 1}; }
  /// True where a data source can call something so.
  [[nodiscard]] constexpr bool is_name() const noexcept {
    return Size > 1 && view().find('\0') == std::string_view::npos;
  }
};

}  // namespace mapping

/// The primary key: one member, or several in their order. A single integer key of 0 is made by the database.
template <auto... Members>
struct key {};
/// Members that are unique together.
template <auto... Members>
struct unique {};
/// Members worth an index together.
template <auto... Members>
struct index {};
/// A foreign key: `references<&Order::user_id, &User::id>`.
template <auto Member, auto Target>
struct references {};
/// Another name than the member's: `named<&User::name, "full_name">`, among the options of entity or in columns.
template <auto Member, mapping::FixedString Name>
struct named {
  static_assert(Name.is_name(), "core_lib: a name must not be empty, nor hold a NUL");
};
/// The fields of an entity, where they are not all the fields of an aggregate: members, or named<...>{}.
template <auto... Members>
struct columns {};

/// Says where entities are kept (table, label or collection), and how.
template <mapping::FixedString Name, class... Options>
struct entity {
  static_assert(Name.is_name(), "core_lib: a name must not be empty, nor hold a NUL");
  static constexpr std::string_view entity_name = Name.view();
  /// Calls the visitor with each option, in their order.
  template <class Visitor>
  static void visit_options(Visitor&& visitor) {
    (visitor(Options{}), ...);
  }
};

namespace mapping {

template <class T>
concept is_entity = requires { Entity<T>::entity_name; };

template <class Pointer>
struct MemberPointer;
template <class Class, class Type>
struct MemberPointer<Type Class::*> {
  using class_type = Class;
  using member_type = Type;
};
/// The struct that a member pointer points into.
template <auto Member>
using member_class_t = typename MemberPointer<decltype(Member)>::class_type;
/// The type of the member.
template <auto Member>
using member_type_t = typename MemberPointer<decltype(Member)>::member_type;

template <auto Member>
[[nodiscard]] std::size_t member_offset() noexcept {
  auto& object = detail::blank<member_class_t<Member>>.value;
  return detail::distance(&object, &(object.*Member));
}

namespace detail {

template <auto Member>
Field field_of_member() {
  return {cut_member_name(printed_member<Member>()), &field_type<member_type_t<Member>>, member_offset<Member>(), {}};
}
template <auto Member, FixedString Name>
Field field_of_column(named<Member, Name>) {
  return {Name.view(), &field_type<member_type_t<Member>>, member_offset<Member>(),
          cut_member_name(printed_member<Member>())};
}

template <class List>
struct ListedFields;
template <auto... Members>
struct ListedFields<columns<Members...>> {
  template <auto Member>
  static Field field() {
    if constexpr (std::is_member_object_pointer_v<decltype(Member)>) {
      return field_of_member<Member>();
    } else {
      return field_of_column(Member);
    }
  }
  static FieldList make() { return {field<Members>()...}; }
};

/// Says in one sentence why a type cannot be looked into; true where it can.
template <class T>
consteval bool check_aggregate() {
  constexpr bool is_aggregate = std::is_aggregate_v<T>;
  static_assert(is_aggregate,
                "core_lib: this type is no aggregate, so its fields must be listed: "
                "using columns = core_lib::columns<&T::a, ...>; in its Entity");
  if constexpr (is_aggregate) {
    constexpr std::size_t count = count_fields<T>();
    constexpr bool is_countable = count > 0 && count <= most_fields;
    static_assert(count <= most_fields, "core_lib: an entity can have at most 64 fields");
    static_assert(count > 0, "core_lib: an entity needs at least one field, and each a default constructor");
    if constexpr (is_countable) {
      constexpr bool is_plain = fields_begin_empty<T, count>();
      static_assert(is_plain,
                    "core_lib: a field of this struct is an array or has no default constructor; keep text in a "
                    "std::string, bytes in a std::vector<std::byte>, and other arrays in a type with a "
                    "core_lib::Convert");
      return is_plain;
    }
  }
  return false;
}

template <class T>
FieldList reflected_fields() {
  if constexpr (check_aggregate<T>()) {
    constexpr std::size_t count = count_fields<T>();
    constexpr std::string_view printed = printed_field_names<T>(std::make_index_sequence<count>());
    T& object = blank<T>.value;
    return visit_fields<count>(object, [&](auto&... fields) {
      std::size_t i = 0;
      return FieldList{Field{cut_name(printed, i++),
                             &field_type<std::remove_cvref_t<decltype(fields)>>,
                             distance(&object, &fields),
                             {}}...};
    });
  } else {
    return {};
  }
}

template <class T>
concept has_columns = requires { typename Entity<T>::columns; };

template <class T>
FieldList declared_fields() {
  if constexpr (has_columns<T>) {
    return ListedFields<typename Entity<T>::columns>::make();
  } else {
    return reflected_fields<T>();
  }
}

/// Reads the options of entity<...> into a table.
template <class T>
struct OptionVisitor {
  TableBuilder& builder;

  template <auto Member>
  static std::size_t at() {
    static_assert(std::is_same_v<member_class_t<Member>, T>,
                  "core_lib: an option of this Entity names a member of another type");
    return member_offset<Member>();
  }
  template <auto... Members>
  void operator()(key<Members...>) const {
    builder.key({at<Members>()...});
  }
  template <auto... Members>
  void operator()(unique<Members...>) const {
    builder.unique({at<Members>()...});
  }
  template <auto... Members>
  void operator()(index<Members...>) const {
    builder.index({at<Members>()...});
  }
  template <auto Member, auto Target>
  void operator()(references<Member, Target>) const;
  template <auto Member, FixedString Name>
  void operator()(named<Member, Name>) const {
    at<Member>();  // fields_of() has read the name
  }
};

template <class T>
struct RenameVisitor {
  FieldList& fields;

  template <auto Member, FixedString Name>
  void operator()(named<Member, Name>) const {
    rename(fields, member_offset<Member>(), Name.view());
  }
  template <class Other>
  void operator()(Other) const {}
};

}  // namespace detail

/// Name, type and offset of each field of a plain struct, which need not be an entity.
/// Thread safety: any thread. Lifetime: the program's.
template <class T>
[[nodiscard]] std::span<const Field> fields_of() {
  static const detail::FieldList fields = [] {
    detail::FieldList made = detail::declared_fields<T>();
    if constexpr (is_entity<T>) Entity<T>::visit_options(detail::RenameVisitor<T>{made});
    return made;
  }();
  return fields;
}

/// The table of an entity, built at its first use.
/// Thread safety: any thread. Lifetime: the program's. Errors: UsageError where an option names a member that is not
/// among the columns.
template <class T>
[[nodiscard]] const EntityTable& entity_table() {
  static_assert(is_entity<T>,
                "core_lib: this type is no entity; say where it is kept: template <> struct core_lib::Entity<T> : "
                "core_lib::entity<\"table\", core_lib::key<&T::id>> {};");
  if constexpr (is_entity<T>) {
    static const detail::TableBuilder builder = [] {
      detail::TableBuilder made(Entity<T>::entity_name, detail::type_name<T>(), fields_of<T>());
      Entity<T>::visit_options(detail::OptionVisitor<T>{made});
      made.finish();
      return made;
    }();
    return builder.table();
  }
}

/// The position of a member's field in its entity. Errors: UsageError where the entity's columns leave it out.
template <auto Member>
[[nodiscard]] std::size_t field_index() {
  using Class = member_class_t<Member>;
  static const std::size_t index =
      detail::find_field(fields_of<Class>(), member_offset<Member>(), detail::type_name<Class>());
  return index;
}

template <class T>
template <auto Member, auto Target>
void detail::OptionVisitor<T>::operator()(references<Member, Target>) const {
  using TargetClass = member_class_t<Target>;
  builder.reference(at<Member>(), &entity_table<TargetClass>, &field_index<Target>);
}

}  // namespace mapping
}  // namespace core_lib

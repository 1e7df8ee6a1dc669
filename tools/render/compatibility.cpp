#include "tools/render/compatibility.h"

#include <algorithm>
#include <set>

namespace usance::render {

namespace pb = google::protobuf;

namespace {

class Comparison {
 public:
  Comparison(const Interface& before, const Interface& after) : before_(before), after_(after) {}

  std::vector<InterfaceChange> run() {
    methods();
    for (const pb::FileDescriptor* file : files_of(before_)) {
      for (int i = 0; i < file->message_type_count(); ++i) message(*file->message_type(i));
      for (int i = 0; i < file->enum_type_count(); ++i) enumeration(*file->enum_type(i));
    }
    std::stable_partition(changes_.begin(), changes_.end(),
                          [](const InterfaceChange& change) { return change.breaks; });
    return std::move(changes_);
  }

 private:
  void add(bool breaks, std::string text) { changes_.push_back({breaks, std::move(text)}); }

  // The contract's own file and those beside it; not the messages that all interfaces share.
  static std::vector<const pb::FileDescriptor*> files_of(const Interface& interface) {
    std::vector<const pb::FileDescriptor*> out;
    collect(interface.service().file(), out);
    return out;
  }
  static void collect(const pb::FileDescriptor* file, std::vector<const pb::FileDescriptor*>& out) {
    if (file->name().starts_with("usance/contract/") || file->name().starts_with("google/") ||
        std::find(out.begin(), out.end(), file) != out.end())
      return;
    out.push_back(file);
    for (int i = 0; i < file->dependency_count(); ++i) collect(file->dependency(i), out);
  }

  void methods() {
    const pb::ServiceDescriptor& old_service = before_.service();
    const pb::ServiceDescriptor& new_service = after_.service();
    for (int i = 0; i < old_service.method_count(); ++i) {
      const pb::MethodDescriptor& old = *old_service.method(i);
      const pb::MethodDescriptor* now = new_service.FindMethodByName(old.name());
      if (now == nullptr) {
        add(true, old.name() + " is gone");
        continue;
      }
      if (now->input_type()->full_name() != old.input_type()->full_name())
        add(true, old.name() + " takes " + now->input_type()->name() + " instead of " +
                      old.input_type()->name());
      if (now->output_type()->full_name() != old.output_type()->full_name())
        add(true, old.name() + " gives " + now->output_type()->name() + " instead of " +
                      old.output_type()->name());
      if (options_of(old).SerializeAsString() != options_of(*now).SerializeAsString())
        add(options_of(old).view() != options_of(*now).view(),
            "who may call " + old.name() + ", or how, is another");
    }
    for (int i = 0; i < new_service.method_count(); ++i)
      if (old_service.FindMethodByName(new_service.method(i)->name()) == nullptr)
        add(false, new_service.method(i)->name() + " is new");
  }

  [[nodiscard]] bool is_answer(const pb::Descriptor& type) const {
    const pb::ServiceDescriptor& service = before_.service();
    for (int i = 0; i < service.method_count(); ++i)
      if (service.method(i)->output_type() == &type) return true;
    return false;
  }

  static std::string place(const pb::FieldDescriptor& field) {
    return field.containing_type()->name() + "." + field.name() + " (field " +
           std::to_string(field.number()) + ")";
  }

  void message(const pb::Descriptor& old) {
    const pb::Descriptor* now = after_.message(old.name());
    if (now == nullptr) {
      add(true, "the message " + old.name() + " is gone");
      return;
    }
    for (int i = 0; i < old.field_count(); ++i) {
      const pb::FieldDescriptor& field = *old.field(i);
      const pb::FieldDescriptor* same = now->FindFieldByNumber(field.number());
      if (same == nullptr)
        add(true, place(field) + " is gone");
      else
        compare_field(field, *same);
    }
    for (int i = 0; i < now->field_count(); ++i) {
      const pb::FieldDescriptor& field = *now->field(i);
      if (old.FindFieldByNumber(field.number()) != nullptr) continue;
      const bool required = options_of(field).required();
      // The contract encoding refuses fields that a reader does not know.
      add(required,
          place(field) + (required         ? " is new and required"
                          : is_answer(old) ? " is new; contracts that were built with the "
                                             "old interface refuse it when it is set"
                                           : " is new"));
    }
  }

  void compare_field(const pb::FieldDescriptor& old, const pb::FieldDescriptor& now) {
    const bool same_type = old.type() == now.type() && old.is_repeated() == now.is_repeated() &&
                           (old.message_type() == nullptr ||
                            old.message_type()->full_name() == now.message_type()->full_name()) &&
                           (old.enum_type() == nullptr ||
                            old.enum_type()->full_name() == now.enum_type()->full_name());
    if (!same_type) return add(true, place(old) + " has another type");
    if (old.name() != now.name()) add(true, place(old) + " is now called " + now.name());
    const contract::FieldOptions before = options_of(old);
    const contract::FieldOptions after = options_of(now);
    if (!before.required() && after.required()) add(true, place(old) + " is required now");
    if (after.format() != before.format()) add(true, place(old) + " has another format");
    narrower(old, "max_bytes", max_bytes(old), max_bytes(now));
    narrower(old, "max_items", max_items(old), max_items(now));
  }

  void narrower(const pb::FieldDescriptor& field, const char* what, std::uint64_t before,
                std::uint64_t after) {
    if (before != after)
      add(after < before, place(field) + ": " + what + " is " + std::to_string(after) + ", was " +
                              std::to_string(before));
  }

  void enumeration(const pb::EnumDescriptor& old) {
    const pb::EnumDescriptor* now = nullptr;
    for (const pb::FileDescriptor* file : files_of(after_))
      if (const pb::EnumDescriptor* found = file->FindEnumTypeByName(old.name())) now = found;
    if (now == nullptr) return add(true, "the enumeration " + old.name() + " is gone");
    for (int i = 0; i < old.value_count(); ++i) {
      const pb::EnumValueDescriptor& value = *old.value(i);
      const pb::EnumValueDescriptor* same = now->FindValueByNumber(value.number());
      if (same == nullptr)
        add(true, old.name() + "." + value.name() + " is gone");
      else if (same->name() != value.name())
        add(true, old.name() + "." + value.name() + " is now called " + same->name());
    }
    for (int i = 0; i < now->value_count(); ++i)
      if (old.FindValueByNumber(now->value(i)->number()) == nullptr)
        add(false, old.name() + "." + now->value(i)->name() + " is new");
  }

  const Interface& before_;
  const Interface& after_;
  std::vector<InterfaceChange> changes_;
};

}  // namespace

std::vector<InterfaceChange> compare(const Interface& before, const Interface& after) {
  return Comparison(before, after).run();
}

}  // namespace usance::render

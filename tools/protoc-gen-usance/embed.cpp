// usance-embed-interface MODULE DESCRIPTORS OUTPUT: appends the custom section `usance.interface`,
// a serialised FileDescriptorSet, to a WebAssembly module. Comments on the service and on whatever
// a request is made of stay (the command line shows them as help); positions and other comments go,
// so that the bytes depend on what the interface says and not on its layout. What every reader has
// or derives goes too: protobuf's own descriptor.proto, the JSON names of fields and the package in
// names of the package's own types.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "base/file.h"

namespace {

namespace pb = google::protobuf;

constexpr std::string_view kWasmMagic{"\0asm\1\0\0\0", 8};
constexpr std::string_view kSectionName = "usance.interface";

void append_leb(std::string& out, std::size_t value) {
  while (value >= 0x80) {
    out += static_cast<char>((value & 0x7F) | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

using Paths = std::set<std::vector<int>>;

// What a caller reads of a contract: its service, the methods, and the fields of everything that a
// request is made of. Where they stand, by file.
class Shown {
 public:
  explicit Shown(const pb::ServiceDescriptor& service) {
    Paths& own = paths_[service.file()->name()];
    own.insert({kService, service.index()});
    for (int i = 0; i < service.method_count(); ++i) {
      own.insert({kService, service.index(), pb::ServiceDescriptorProto::kMethodFieldNumber, i});
      add(*service.method(i)->input_type());
    }
  }

  [[nodiscard]] const Paths& in(const std::string& file) { return paths_[file]; }

 private:
  static constexpr int kService = pb::FileDescriptorProto::kServiceFieldNumber;

  static std::vector<int> path_of(const pb::Descriptor& message) {
    if (message.containing_type() == nullptr)
      return {pb::FileDescriptorProto::kMessageTypeFieldNumber, message.index()};
    std::vector<int> path = path_of(*message.containing_type());
    path.insert(path.end(), {pb::DescriptorProto::kNestedTypeFieldNumber, message.index()});
    return path;
  }

  void add(const pb::Descriptor& message) {
    std::vector<int> path = path_of(message);
    Paths& paths = paths_[message.file()->name()];
    if (!paths.insert(path).second) return;
    path.insert(path.end(), {pb::DescriptorProto::kFieldFieldNumber, 0});
    for (int i = 0; i < message.field_count(); ++i) {
      path.back() = i;
      paths.insert(path);
      if (const pb::Descriptor* inner = message.field(i)->message_type()) add(*inner);
    }
  }

  std::map<std::string, Paths> paths_;
};

void keep_comments(pb::FileDescriptorProto& file, const Paths& shown) {
  pb::SourceCodeInfo kept;
  for (const pb::SourceCodeInfo::Location& location : file.source_code_info().location()) {
    if (!location.has_leading_comments() && !location.has_trailing_comments()) continue;
    if (!shown.contains({location.path().begin(), location.path().end()})) continue;
    pb::SourceCodeInfo::Location& out = *kept.add_location();
    *out.mutable_path() = location.path();
    for (int i = 0; i < 3; ++i) out.add_span(0);  // protobuf wants three or four numbers
    if (location.has_leading_comments()) out.set_leading_comments(location.leading_comments());
    if (location.has_trailing_comments()) out.set_trailing_comments(location.trailing_comments());
  }
  if (kept.location().empty())
    file.clear_source_code_info();
  else
    *file.mutable_source_code_info() = kept;
}

// protoc writes each name in lowerCamelCase, which protobuf makes of the field's name by itself.
void drop_derived_names(pb::DescriptorProto& message) {
  for (pb::FieldDescriptorProto& field : *message.mutable_field()) field.clear_json_name();
  for (pb::DescriptorProto& nested : *message.mutable_nested_type()) drop_derived_names(nested);
}

void drop_derived_names(pb::FileDescriptorProto& file) {
  for (pb::DescriptorProto& message : *file.mutable_message_type()) drop_derived_names(message);
  for (pb::FieldDescriptorProto& field : *file.mutable_extension()) field.clear_json_name();
}

// ".usance.deposit.v1.Account" as "Account" in the package usance.deposit.v1: names without a dot
// in front are looked up from the inside out (descriptor.proto, type_name).
void drop_package(std::string& name, const std::string& package) {
  const std::string own = "." + package + ".";
  if (!package.empty() && name.starts_with(own)) name.erase(0, own.size());
}

void drop_package(pb::DescriptorProto& message, const std::string& package) {
  for (pb::FieldDescriptorProto& field : *message.mutable_field())
    if (field.has_type_name()) drop_package(*field.mutable_type_name(), package);
  for (pb::DescriptorProto& nested : *message.mutable_nested_type()) drop_package(nested, package);
}

void drop_package(pb::FileDescriptorProto& file) {
  for (pb::DescriptorProto& message : *file.mutable_message_type())
    drop_package(message, file.package());
  for (pb::ServiceDescriptorProto& service : *file.mutable_service())
    for (pb::MethodDescriptorProto& method : *service.mutable_method()) {
      drop_package(*method.mutable_input_type(), file.package());
      drop_package(*method.mutable_output_type(), file.package());
    }
}

// A type within a message could have the name of one of the package.
bool says_the_same(const pb::FileDescriptor& file, pb::DescriptorPool& pool,
                   const pb::FileDescriptorProto& kept) {
  const pb::FileDescriptor* const read = pool.BuildFile(kept);
  if (read == nullptr) return false;
  pb::FileDescriptorProto before;  // with whole names and without comments
  pb::FileDescriptorProto after;
  file.CopyTo(&before);
  drop_derived_names(before);
  read->CopyTo(&after);
  return before.SerializeAsString() == after.SerializeAsString();
}

// protoc lists imports first: the file of the contract's service is the last.
std::optional<pb::FileDescriptorSet> interface_of(const pb::FileDescriptorSet& all) {
  pb::DescriptorPool pool;
  const pb::FileDescriptor* last = nullptr;
  for (const pb::FileDescriptorProto& file : all.file()) {
    last = pool.BuildFile(file);
    if (last == nullptr) return std::nullopt;  // protobuf has said why on standard error
  }
  if (last == nullptr || last->service_count() != 1) return std::nullopt;
  Shown shown(*last->service(0));
  pb::DescriptorPool read;
  pb::FileDescriptorSet out;
  for (const pb::FileDescriptorProto& file : all.file()) {
    if (file.name() == pb::FileDescriptorProto::descriptor()->file()->name()) {
      read.BuildFile(file);
      continue;
    }
    pb::FileDescriptorProto& kept = *out.add_file();
    kept = file;
    drop_derived_names(kept);
    drop_package(kept);
    keep_comments(kept, shown.in(file.name()));
    if (!says_the_same(*pool.FindFileByName(file.name()), read, kept)) {
      std::cerr << file.name() << ": a nested type has the name of one of the package\n";
      return std::nullopt;
    }
  }
  return out;
}

std::string serialise(const pb::FileDescriptorSet& set) {
  std::string out;
  {
    pb::io::StringOutputStream stream(&out);
    pb::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    set.SerializeToCodedStream(&coded);
  }
  return out;
}

int complain(const std::string& what) {
  std::cerr << "usance-embed-interface: " << what << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return complain("usage: usance-embed-interface MODULE DESCRIPTORS OUTPUT");
  auto module = usance::read_file(argv[1]);
  if (!module) return complain(module.error().message);
  if (!module->starts_with(kWasmMagic))
    return complain(std::string(argv[1]) + " is not a WebAssembly module");
  const auto descriptors = usance::read_file(argv[2]);
  if (!descriptors) return complain(descriptors.error().message);
  pb::FileDescriptorSet set;
  if (!set.ParseFromString(*descriptors))
    return complain(std::string(argv[2]) + " is not a set of descriptors");
  const auto interface = interface_of(set);
  if (!interface)
    return complain(std::string(argv[2]) + " does not end with the file of one service");

  std::string section;
  append_leb(section, kSectionName.size());
  section += kSectionName;
  section += serialise(*interface);
  *module += '\0';  // a custom section
  append_leb(*module, section.size());
  *module += section;

  std::ofstream out(argv[3], std::ios::binary | std::ios::trunc);
  out << *module;
  out.close();
  if (!out) return complain(std::string("cannot write ") + argv[3]);
  return 0;
}

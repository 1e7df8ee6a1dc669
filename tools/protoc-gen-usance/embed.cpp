// usance-embed-interface MODULE DESCRIPTORS OUTPUT: appends the custom section `usance.interface`,
// a serialised FileDescriptorSet, to a WebAssembly module. Comments of the contract's own file stay
// (the command line shows them as help); positions and other files' comments go, so that the bytes
// depend on what the interface says and not on its layout.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

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

void keep_comments(pb::FileDescriptorProto& file) {
  pb::SourceCodeInfo kept;
  for (const pb::SourceCodeInfo::Location& location : file.source_code_info().location()) {
    if (!location.has_leading_comments() && !location.has_trailing_comments()) continue;
    pb::SourceCodeInfo::Location& out = *kept.add_location();
    *out.mutable_path() = location.path();
    for (int i = 0; i < 3; ++i) out.add_span(0);  // protobuf wants three or four numbers
    if (location.has_leading_comments()) out.set_leading_comments(location.leading_comments());
    if (location.has_trailing_comments()) out.set_trailing_comments(location.trailing_comments());
  }
  *file.mutable_source_code_info() = kept;
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
  if (!set.ParseFromString(*descriptors) || set.file().empty())
    return complain(std::string(argv[2]) + " is not a set of descriptors");
  // protoc lists imports first: the contract's own file is the last.
  for (int i = 0; i + 1 < set.file_size(); ++i) set.mutable_file(i)->clear_source_code_info();
  keep_comments(*set.mutable_file(set.file_size() - 1));

  std::string section;
  append_leb(section, kSectionName.size());
  section += kSectionName;
  section += serialise(set);
  *module += '\0';  // a custom section
  append_leb(*module, section.size());
  *module += section;

  std::ofstream out(argv[3], std::ios::binary | std::ios::trunc);
  out << *module;
  out.close();
  if (!out) return complain(std::string("cannot write ") + argv[3]);
  return 0;
}

#include "tools/render/interface.h"

#include <algorithm>
#include <cctype>

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "tools/render/suggest.h"

namespace usance::render {

namespace pb = google::protobuf;

namespace {

// Options arrive as unknown extension fields of the descriptors in the contract's own pool; they
// are read by parsing the options' bytes again as our compiled-in types.
template <class Extension, class Options>
auto extension_of(const Options& options, const Extension& id) {
  Options known;
  known.ParseFromString(options.SerializeAsString());
  return known.GetExtension(id);
}

// Keeps descriptor errors off stderr; the caller gets one Error.
class Collector : public pb::DescriptorPool::ErrorCollector {
 public:
  void AddError(const std::string& file, const std::string& element, const Message*, ErrorLocation,
                const std::string& message) override {
    if (first.empty()) first.append(file).append(": ").append(element).append(": ").append(message);
  }
  std::string first;
};

// Files may come in any order; each is added after what it imports.
class PoolBuilder {
 public:
  PoolBuilder(const pb::FileDescriptorSet& set, pb::DescriptorPool& pool)
      : set_(set), pool_(pool) {}

  const pb::FileDescriptor* add(const std::string& name, int depth = 0) {
    if (const pb::FileDescriptor* known = pool_.FindFileByName(name)) return known;
    const auto found = std::find_if(set_.file().begin(), set_.file().end(),
                                    [&](const auto& file) { return file.name() == name; });
    if (found == set_.file().end()) return add_own(name);
    if (depth > kMaxDepth) return nullptr;
    for (const std::string& import : found->dependency())
      if (add(import, depth + 1) == nullptr) return nullptr;
    return pool_.BuildFileCollectingErrors(*found, &errors);
  }

  Collector errors;

 private:
  static constexpr int kMaxDepth = 32;

  // Interfaces leave out what every protobuf library brings along (docs/spec/contract-encoding.md).
  const pb::FileDescriptor* add_own(const std::string& name) {
    const pb::FileDescriptor& own = *pb::FileDescriptorProto::descriptor()->file();
    if (name != own.name()) return nullptr;
    pb::FileDescriptorProto file;
    own.CopyTo(&file);
    return pool_.BuildFileCollectingErrors(file, &errors);
  }

  const pb::FileDescriptorSet& set_;
  pb::DescriptorPool& pool_;
};

const Descriptor* nested(const Descriptor& type, std::string_view name) {
  for (int i = 0; i < type.nested_type_count(); ++i) {
    if (type.nested_type(i)->name() == name) return type.nested_type(i);
    if (const Descriptor* found = nested(*type.nested_type(i), name)) return found;
  }
  return nullptr;
}

std::string name_in(const pb::EnumDescriptor& values, std::uint32_t code) {
  const pb::EnumValueDescriptor* value = values.FindValueByNumber(static_cast<int>(code));
  return value == nullptr ? "" : value->name();
}

}  // namespace

Result<Interface> Interface::parse(std::string contract, ByteView descriptor_set) {
  pb::FileDescriptorSet set;
  if (!set.ParseFromArray(descriptor_set.data(), static_cast<int>(descriptor_set.size())))
    return fail(ErrorCode::kMalformed, "the interface of " + contract + " is no descriptor set");
  Interface out;
  out.contract_ = std::move(contract);
  out.pool_ = std::make_unique<pb::DescriptorPool>();
  PoolBuilder builder(set, *out.pool_);
  for (const pb::FileDescriptorProto& file : set.file()) {
    const pb::FileDescriptor* built = builder.add(file.name());
    if (built == nullptr)
      return fail(ErrorCode::kMalformed, "the interface of " + out.contract_ +
                                             " does not hold together: " + builder.errors.first);
    out.files_.push_back(built);
    if (built->service_count() == 0) continue;
    if (built->service_count() > 1 || out.service_ != nullptr)
      return fail(ErrorCode::kMalformed,
                  "the interface of " + out.contract_ + " declares more than one service");
    out.service_ = built->service(0);
  }
  if (out.service_ == nullptr)
    return fail(ErrorCode::kMalformed,
                "the interface of " + out.contract_ + " declares no service");
  out.factory_ = std::make_unique<pb::DynamicMessageFactory>(out.pool_.get());
  return out;
}

std::vector<const MethodDescriptor*> Interface::methods() const {
  std::vector<const MethodDescriptor*> out;
  out.reserve(static_cast<std::size_t>(service_->method_count()));
  for (int i = 0; i < service_->method_count(); ++i) out.push_back(service_->method(i));
  return out;
}

Result<const MethodDescriptor*> Interface::method(std::string_view name) const {
  std::vector<std::string> names;
  for (const MethodDescriptor* method : methods()) {
    if (folded(method->name()) == folded(name)) return method;
    names.push_back(method->name());
  }
  return fail(ErrorCode::kNotFound, contract_ + " has no method '" + std::string(name) + "'" +
                                        did_you_mean(name, names) +
                                        "\nits methods: usance contract show " + contract_);
}

const Descriptor* Interface::message(std::string_view name) const {
  for (const pb::FileDescriptor* file : files_)
    for (int i = 0; i < file->message_type_count(); ++i) {
      if (file->message_type(i)->name() == name) return file->message_type(i);
      if (const Descriptor* found = nested(*file->message_type(i), name)) return found;
    }
  return nullptr;
}

const Descriptor* Interface::record_of_item(ByteView item) const {
  const std::string_view wanted = as_text(item);
  const Descriptor* best = nullptr;
  std::size_t best_length = 0;
  for (const pb::FileDescriptor* file : files_)
    for (int i = 0; i < file->message_type_count(); ++i) {
      const Descriptor* type = file->message_type(i);
      const contract::RecordOptions record = extension_of(type->options(), contract::record);
      if (!record.item().empty() && record.item() == wanted) return type;
      const std::string& prefix = record.item_prefix();
      if (!prefix.empty() && wanted.starts_with(prefix) && prefix.size() > best_length) {
        best = type;
        best_length = prefix.size();
      }
    }
  return best;
}

std::string Interface::error_name(std::uint32_t code) const {
  for (const pb::FileDescriptor* file : files_)
    for (int i = 0; i < file->enum_type_count(); ++i) {
      const pb::EnumDescriptor* values = file->enum_type(i);
      if (!extension_of(values->options(), contract::errors)) continue;
      if (std::string name = name_in(*values, code); !name.empty()) return name;
    }
  return "";
}

std::string Interface::error_title(std::uint32_t code) const {
  const std::string name = error_name(code);
  if (name.empty()) return "";
  std::string out = service_->name() + ".";
  bool upper = true;
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    if (c != '_') out.push_back(static_cast<char>(upper ? c : std::tolower(letter)));
    upper = c == '_';
  }
  return out;
}

std::unique_ptr<Message> Interface::make(const Descriptor& type) const {
  return std::unique_ptr<Message>(factory_->GetPrototype(&type)->New());
}

Result<std::unique_ptr<Message>> Interface::decode(const Descriptor& type, ByteView bytes) const {
  std::unique_ptr<Message> message = make(type);
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail(ErrorCode::kMalformed,
                std::to_string(bytes.size()) + " bytes that are no " + type.name());
  return message;
}

namespace {

// A nested message that says nothing is its field's default, which protobuf would write out.
void clear_empty(Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  const pb::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    for (int n = 0; field.is_repeated() && n < reflection.FieldSize(message, &field); ++n)
      clear_empty(*reflection.MutableRepeatedMessage(&message, &field, n));
    if (field.is_repeated() || !reflection.HasField(message, &field)) continue;
    Message& nested = *reflection.MutableMessage(&message, &field);
    clear_empty(nested);
    const bool may_be_empty = field.containing_oneof() != nullptr;  // `optional` ones, too
    if (!may_be_empty && nested.ByteSizeLong() == 0) reflection.ClearField(&message, &field);
  }
}

}  // namespace

Bytes encode_message(const Message& given) {
  const std::unique_ptr<Message> copy(given.New());
  copy->CopyFrom(given);
  clear_empty(*copy);
  const Message& message = *copy;
  std::string out;
  {
    pb::io::StringOutputStream stream(&out);
    pb::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return to_bytes(out);
}

contract::MethodOptions options_of(const MethodDescriptor& method) {
  return extension_of(method.options(), contract::method);
}

contract::FieldOptions options_of(const FieldDescriptor& field) {
  return extension_of(field.options(), contract::field);
}

std::uint32_t max_bytes(const FieldDescriptor& field) {
  if (const std::uint32_t given = options_of(field).max_bytes(); given != 0) return given;
  return field.type() == FieldDescriptor::TYPE_STRING ? 1'024 : 4'096;
}

std::uint32_t max_items(const FieldDescriptor& field) {
  const std::uint32_t given = options_of(field).max_items();
  return given != 0 ? given : 256;
}

bool is_money(const Descriptor& type) {
  return type.full_name() == "usance.contract.Money";
}

}  // namespace usance::render

// What a new interface breaks.
#include "tools/render/compatibility.h"

#include <functional>

#include <gtest/gtest.h>

#include "sample_interface.h"

namespace usance::render {
namespace {

// The sample's descriptors, changed before they are read.
Interface changed(const std::function<void(google::protobuf::FileDescriptorProto&)>& change) {
  google::protobuf::FileDescriptorSet set;
  const Interface sample = sample_interface();
  const google::protobuf::FileDescriptor* file = sample.service().file();
  file->dependency(0)->CopyTo(set.add_file());
  google::protobuf::FileDescriptorProto* own = set.add_file();
  file->CopyTo(own);
  change(*own);
  auto parsed = Interface::parse("sample", to_bytes(set.SerializeAsString()));
  EXPECT_TRUE(parsed) << parsed.error().message;
  return *std::move(parsed);
}

google::protobuf::DescriptorProto& message(google::protobuf::FileDescriptorProto& file,
                                           const std::string& name) {
  for (auto& one : *file.mutable_message_type())
    if (one.name() == name) return one;
  ADD_FAILURE() << name;
  return *file.mutable_message_type(0);
}

void add_field(google::protobuf::DescriptorProto& to, const std::string& name, int number) {
  auto* field = to.add_field();
  field->set_name(name);
  field->set_number(number);
  field->set_type(google::protobuf::FieldDescriptorProto::TYPE_UINT32);
  field->set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
}

std::vector<InterfaceChange> against_sample(
    const std::function<void(google::protobuf::FileDescriptorProto&)>& change) {
  return compare(sample_interface(), changed(change));
}

TEST(CompatibilityTest, TheSameInterfaceChangesNothing) {
  EXPECT_TRUE(against_sample([](auto&) {}).empty());
}

TEST(CompatibilityTest, NewMethodsFieldsAndErrorsBreakNothing) {
  const auto changes = against_sample([](auto& file) {
    auto* method = file.mutable_service(0)->add_method();
    method->set_name("Cancel");
    method->set_input_type(".sample.Note");
    method->set_output_type(".sample.Note");
    add_field(message(file, "IssueRequest"), "priority", 9);
    auto* error = file.mutable_enum_type(1)->add_value();
    error->set_name("TOO_LATE");
    error->set_number(8);
  });
  ASSERT_EQ(changes.size(), 3U);
  for (const InterfaceChange& change : changes) EXPECT_FALSE(change.breaks) << change.text;
}

TEST(CompatibilityTest, WhatCallersAndRecordsNeedBreaksWhenItGoesOrChanges) {
  const auto broken = [](const auto& change) {
    const auto changes = against_sample(change);
    return changes.empty() || !changes.front().breaks ? "nothing" : changes.front().text;
  };
  EXPECT_EQ(broken([](auto& file) { file.mutable_service(0)->mutable_method()->RemoveLast(); }),
            "GetCredit is gone");
  EXPECT_EQ(broken([](auto& file) { message(file, "Note").mutable_field()->RemoveLast(); }),
            "Note.text (field 1) is gone");
  EXPECT_EQ(broken([](auto& file) {
              message(file, "Note")
                  .mutable_field(0)
                  ->set_type(google::protobuf::FieldDescriptorProto::TYPE_BYTES);
            }),
            "Note.text (field 1) has another type");
  EXPECT_EQ(broken([](auto& file) {
              add_field(message(file, "IssueRequest"), "port", 9);
              auto* field = message(file, "IssueRequest").mutable_field(8);
              field->mutable_options()->MutableExtension(contract::field)->set_required(true);
            }),
            "IssueRequest.port (field 9) is new and required");
  EXPECT_EQ(broken([](auto& file) {
              file.mutable_enum_type(1)->mutable_value(1)->set_name("NOT_APPLICANT");
            }),
            "SampleError.NOT_BENEFICIARY is now called NOT_APPLICANT");
}

TEST(ErrorTitleTest, IsTheServiceAndTheErrorsNameInOneWord) {
  EXPECT_EQ(sample_interface().error_title(7), "Sample.NotBeneficiary");
  EXPECT_EQ(sample_interface().error_title(8), "");
}

}  // namespace
}  // namespace usance::render

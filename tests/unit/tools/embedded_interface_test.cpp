// The section usance.interface of a module that this build made: what usance-embed-interface keeps.
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "base/evidence.h"
#include "base/file.h"
#include "tools/render/interface.h"
#include "tools/usance/arguments.h"

namespace usance::cli {
namespace {

class EmbeddedInterface : public testing::Test {
 protected:
  void SetUp() override {
    const auto module = read_file(USANCE_BINARY_DIR "/contracts/letter_of_credit.wasm");
    ASSERT_TRUE(module) << module.error().message;
    const auto section = interface_of_module(as_bytes(*module));
    ASSERT_TRUE(section) << section.error().message;
    section_ = *section;
    ASSERT_TRUE(set_.ParseFromArray(section_.data(), static_cast<int>(section_.size())));
  }

  Bytes section_;
  google::protobuf::FileDescriptorSet set_;
};

TEST_F(EmbeddedInterface, LeavesOutWhatEveryReaderHas) {
  ASSERT_GT(set_.file_size(), 0);
  for (const auto& file : set_.file()) {
    EXPECT_NE(file.name(), "google/protobuf/descriptor.proto");
    for (const auto& message : file.message_type())
      for (const auto& field : message.field())
        EXPECT_FALSE(field.has_json_name()) << message.name() << '.' << field.name();
    for (const auto& message : file.message_type())
      for (const auto& field : message.field())
        EXPECT_FALSE(field.type_name().starts_with("." + file.package()))
            << message.name() << '.' << field.name();
  }
  EXPECT_TRUE(set_.file(set_.file_size() - 1).name().ends_with("letter_of_credit.proto"));
}

// The terms stand in a file that the contract's own imports.
TEST_F(EmbeddedInterface, KeepsTheCommentsOfWhatRequestsAreMadeOf) {
  const auto interface = render::Interface::parse("letter_of_credit", section_);
  ASSERT_TRUE(interface) << interface.error().message;
  const std::string help = method_help(*interface, **interface->method("DraftIssue"));
  EXPECT_NE(help.find("(31D) UN/LOCODE"), std::string::npos) << help;
  EXPECT_NE(help.find("whose calendar counts"), std::string::npos) << help;
  for (const auto& file : set_.file())
    for (const auto& location : file.source_code_info().location())
      EXPECT_FALSE(location.leading_comments().empty() && location.trailing_comments().empty());
}

}  // namespace
}  // namespace usance::cli

// protoc-gen-usance refuses, with a reason, what the contract encoding does not allow.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace {

using ::testing::HasSubstr;

class GeneratorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("usance-generator-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // What protoc says to an interface with this body; empty when it is taken.
  std::string complaint(const std::string& body, const std::string& package = "package bad.v1;") {
    std::ofstream(folder_ / "bad.proto")
        << "syntax = \"proto3\";\n"
        << package << "\n"
        << "import \"usance/contract/options.proto\";\nimport \"usance/contract/types.proto\";\n"
        << body;
    const std::string command = "protoc --plugin=protoc-gen-usance=" USANCE_BINARY_DIR
                                "/bin/protoc-gen-usance -I " USANCE_SOURCE_DIR
                                "/contracts/sdk/proto -I " +
                                folder_.string() + " --usance_out=" + folder_.string() +
                                " bad.proto 2> " + (folder_ / "errors").string();
    const int status = std::system(command.c_str());
    std::ifstream in(folder_ / "errors");
    std::string text(std::istreambuf_iterator<char>(in), {});
    EXPECT_EQ(status == 0, text.find("--usance_out") == std::string::npos) << text;
    return status == 0 ? "" : text;
  }
  std::string field(const std::string& declaration) {
    return complaint("message M { " + declaration + " }");
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(GeneratorTest, TakesWhatIsAllowed) {
  EXPECT_EQ(field("repeated bool b = 1; oneof o { string s = 2; usance.contract.Money m = 3; }"),
            "");
}

TEST_F(GeneratorTest, RefusesTypesWithoutOneForm) {
  EXPECT_THAT(field("double d = 1;"), HasSubstr("floating point"));
  EXPECT_THAT(field("repeated float f = 1;"), HasSubstr("floating point"));
  EXPECT_THAT(field("map<string, string> m = 1;"), HasSubstr("maps have no order"));
  EXPECT_THAT(complaint("import \"google/protobuf/any.proto\";"
                        "message M { google.protobuf.Any a = 1; }"),
              HasSubstr("well-known types"));
  EXPECT_THAT(field("repeated int32 n = 1 [packed = false];"), HasSubstr("packed"));
}

TEST_F(GeneratorTest, RefusesShapesThatHaveNoPlainStruct) {
  EXPECT_THAT(field("M m = 1;"), HasSubstr("contains itself"));
  EXPECT_THAT(complaint("message A { B b = 1; } message B { repeated A a = 1; }"),
              HasSubstr("contains itself"));
  EXPECT_THAT(field("message Nested {}"), HasSubstr("top level"));
  EXPECT_THAT(complaint("message M {}", ""), HasSubstr("declare a package"));
  EXPECT_THAT(complaint("enum E { option allow_alias = true; A = 0; B = 0; }"),
              HasSubstr("ambiguous"));
}

TEST_F(GeneratorTest, RefusesOptionsThatDoNotFit) {
  EXPECT_THAT(field("int64 d = 1 [(usance.contract.field).format = FORMAT_DATE];"),
              HasSubstr("a date is an int32"));
  const std::string money = "usance.contract.Money m = 2;";
  EXPECT_EQ(field("int64 a = 1 [(usance.contract.field).currency_of = \"m\"];" + money), "");
  EXPECT_EQ(field("int64 a = 1 [(usance.contract.field).currency_of = \"outer.m\"];"), "");
  EXPECT_THAT(field("int64 a = 1 [(usance.contract.field).currency_of = \"b\"]; string b = 2;"),
              HasSubstr("no field of type Money"));
  EXPECT_THAT(field("uint32 a = 1 [(usance.contract.field).currency_of = \"m\"];" + money),
              HasSubstr("int64 of minor units"));
  EXPECT_THAT(field("string h = 1 [(usance.contract.field).format = FORMAT_HASH];"),
              HasSubstr("a hash is of type bytes"));
  EXPECT_THAT(field("int32 n = 1 [(usance.contract.field).max_bytes = 4];"),
              HasSubstr("max_bytes"));
  EXPECT_THAT(field("int32 n = 1 [(usance.contract.field).max_items = 4];"),
              HasSubstr("max_items"));
  EXPECT_THAT(field("option (usance.contract.event).key = \"k\"; int32 n = 1;"),
              HasSubstr("not one of its fields"));
  EXPECT_THAT(field("option (usance.contract.event).key = \"n\"; int32 n = 1;"),
              HasSubstr("plain string or bytes"));
  EXPECT_THAT(field("option (usance.contract.record) = {item: \"a\", item_prefix: \"b/\"};"),
              HasSubstr("either an item or an item_prefix"));
  EXPECT_THAT(field("option (usance.contract.record).item_prefix = \"b\";"),
              HasSubstr("ends with '/'"));
}

TEST_F(GeneratorTest, RefusesErrorsWithoutNumberOrMessage) {
  const auto errors = [&](const std::string& value) {
    return complaint("enum E { option (usance.contract.errors) = true; NONE = 0; " + value + " }");
  };
  EXPECT_EQ(errors("A = 1 [(usance.contract.message) = \"{who} may not\"];"), "");
  EXPECT_THAT(errors("A = 900 [(usance.contract.message) = \"x\"];"), HasSubstr("1 to 899"));
  EXPECT_THAT(errors("A = 1;"), HasSubstr("has a message"));
  EXPECT_THAT(errors("A = 1 [(usance.contract.message) = \"{who\"];"), HasSubstr("braces"));
}

TEST_F(GeneratorTest, RefusesMethodsThatCannotBeCalled) {
  const auto method = [&](const std::string& rpc) {
    return complaint("service S { " + rpc + " }");
  };
  const std::string empty = "usance.contract.Empty";
  EXPECT_THAT(method("rpc A(stream " + empty + ") returns (" + empty + ");"),
              HasSubstr("do not stream"));
  EXPECT_THAT(method("rpc A(" + empty + ") returns (" + empty +
                     ") { option (usance.contract.method) = {view: true, timer: true}; }"),
              HasSubstr("not two"));
  EXPECT_THAT(method("rpc A(" + empty + ") returns (" + empty +
                     ") { option (usance.contract.method) = {timer: true, roles: \"bank\"}; }"),
              HasSubstr("no caller"));
  EXPECT_THAT(method("rpc Migrate(" + empty + ") returns (" + empty + ");"),
              HasSubstr("option migrate"));
}

}  // namespace

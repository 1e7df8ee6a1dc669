// The contract kit as a developer uses it: a project outside the source tree, from the built kit.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "command_line.h"

namespace usance::test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

void replace_in(const fs::path& file, const std::string& what, const std::string& with) {
  std::string text = text_of(file);
  const std::size_t at = text.find(what);
  ASSERT_NE(at, std::string::npos) << file << " has no " << what;
  text.replace(at, what.size(), with);
  std::ofstream(file) << text;
}

Said contract(std::vector<std::string> words) {
  words.insert(words.begin(), "contract");
  return run("usance", words);
}

std::string built_hash(const fs::path& project) {
  const Said said = contract({"build", "--project", project.string(), "--output", "json"});
  EXPECT_EQ(said.exit, 0) << said;
  return said.exit == 0 ? said.json()["modules"][0]["code_hash"].get<std::string>() : "";
}

class ContractKitTest : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path make(const std::string& folder) {
    const fs::path project = folder_ / folder;
    const Said made = contract({"new", "bill_of_lading", "--dir", project.string()});
    EXPECT_EQ(made.exit, 0) << made;
    return project;
  }
  static void refuses_floats(const fs::path& project);
  static void rebuilds_after_imports(const fs::path& project);
  static void sanitizers_find_mistakes(const fs::path& project);
  static void counts_the_lines_that_tests_reach(const fs::path& project);
  Folder folder_;
};

// A refused feature is named by its source line, by `check` and by `build`.
void ContractKitTest::refuses_floats(const fs::path& project) {
  const fs::path source = project / "bill_of_lading/contract.cpp";
  const std::string good = text_of(source);
  replace_in(source, "    Document document;\n",
             "    volatile double rate = request.days;\n    rate = rate * 1.5;\n"
             "    Document document;\n");
  const std::string text = text_of(source);
  const auto line =
      1 + std::count(text.begin(),
                     text.begin() + static_cast<std::ptrdiff_t>(text.find("volatile double")),
                     '\n');
  const std::string place = "bill_of_lading/contract.cpp:" + std::to_string(line) + ": in file";
  for (const char* verb : {"check", "build"}) {
    const Said said = contract({verb, "--project", project.string()});
    EXPECT_EQ(said.exit, 1) << said;
    EXPECT_TRUE(said.mentions(place)) << place << "\n" << said;
    EXPECT_TRUE(said.mentions("floating-point")) << said;
  }
  std::ofstream(source) << good;
}

// A module describes its interface with everything the interface imports.
void ContractKitTest::rebuilds_after_imports(const fs::path& project) {
  const fs::path interface = project / "bill_of_lading/bill_of_lading.proto";
  const fs::path import = project / "bill_of_lading/terms.proto";
  std::ofstream(import)
      << "syntax = \"proto3\";\npackage bill_of_lading.v1;\nmessage Terms { string port = 1; }\n";
  replace_in(interface, "import \"usance/contract/types.proto\";",
             "import \"usance/contract/types.proto\";\nimport \"bill_of_lading/terms.proto\";");
  replace_in(interface, "  int64 timer = 5;", "  int64 timer = 5;\n  Terms terms = 6;");
  std::ofstream(project / "bill_of_lading/CMakeLists.txt")
      << "usance_interface(terms PROTO terms.proto)\n"
         "usance_contract(bill_of_lading PROTO bill_of_lading.proto SOURCES contract.cpp USES "
         "terms)\n";
  const std::string before = built_hash(project);
  replace_in(import, "string port = 1;", "string port = 1; string vessel = 2;");
  EXPECT_NE(built_hash(project), before);
}

// Of the contract compiled natively: a mistake that the VM's memory would hide.
void ContractKitTest::sanitizers_find_mistakes(const fs::path& project) {
  const fs::path source = project / "bill_of_lading/contract.cpp";
  const std::string good = text_of(source);
  replace_in(source, "    Document document;\n",
             "    Document document;\n    int table[2] = {1, 2};\n"
             "    volatile int beyond = 2;\n    document.expires = table[beyond];\n");
  const Said said = contract({"test", "--project", project.string(), "--sanitize"});
  EXPECT_EQ(said.exit, 1) << said;
  EXPECT_TRUE(said.mentions("contract.cpp")) << said;
  EXPECT_TRUE(said.mentions("index 2 out of bounds")) << said;
  std::ofstream(source) << good;
}

void ContractKitTest::counts_the_lines_that_tests_reach(const fs::path& project) {
  const Said said =
      contract({"test", "--project", project.string(), "--coverage", "--output", "json"});
  ASSERT_EQ(said.exit, 0) << said;
  EXPECT_EQ(said.json()["tests"], 8);
  ASSERT_EQ(said.json()["coverage"].size(), 1U) << said;
  const auto file = said.json()["coverage"][0];
  EXPECT_EQ(file["file"], "bill_of_lading/contract.cpp");
  EXPECT_GT(file["lines"], 20);
  EXPECT_GT(file["permille"], 700);
}

// One project through its stages: each would cost a configuration and a full build of its own.
TEST_F(ContractKitTest, AProjectIsTestedBuiltCheckedAndRebuiltElsewhere) {
  const fs::path here = make("here");
  const Said tested = contract({"test", "--project", here.string(), "--output", "json"});
  ASSERT_EQ(tested.exit, 0) << tested;
  EXPECT_EQ(tested.json()["tests"], 8);  // four, on the native chain and in the VM
  EXPECT_EQ(tested.json()["failed"].size(), 0U);
  const std::string hash = built_hash(here);
  EXPECT_EQ(hash.size(), 64U);

  const Said checked = contract({"check", "--project", here.string(), "--output", "json"});
  ASSERT_EQ(checked.exit, 0) << checked;
  EXPECT_TRUE(checked.json()["modules"][0]["accepted"]);
  const Said inspected =
      contract({"inspect", (here / "build/contracts/bill_of_lading.wasm").string(), "-o", "json"});
  ASSERT_EQ(inspected.exit, 0) << inspected;
  EXPECT_EQ(inspected.json()["code_hash"], hash);

  // Gas is a file under review: the recorded price holds until somebody records another.
  const fs::path gas = here / "tests/gas.txt";
  const std::string recorded = text_of(gas);
  std::ofstream(gas) << "1  File\n";
  const Said dearer = contract({"test", "--project", here.string()});
  EXPECT_EQ(dearer.exit, 1) << dearer;
  EXPECT_TRUE(dearer.mentions("recorded are 1")) << dearer;
  EXPECT_EQ(contract({"test", "--project", here.string(), "--update-gas"}).exit, 0);
  EXPECT_EQ(text_of(gas), recorded);

  const fs::path there = make("some/where/else");
  EXPECT_EQ(built_hash(there), hash);
  counts_the_lines_that_tests_reach(here);
  sanitizers_find_mistakes(here);
  refuses_floats(there);
  rebuilds_after_imports(there);
}

TEST_F(ContractKitTest, WrongWordsAreAnsweredWithWhatIsRight) {
  const Said name = contract({"new", "Bill-Of-Lading"});
  EXPECT_EQ(name.exit, 2) << name;
  EXPECT_TRUE(name.mentions("bill_of_lading")) << name;
  EXPECT_EQ(contract({"new", "class"}).exit, 2);
  const Said kit = contract({"new", "bill", "--kit", (folder_ / "none").string()});
  EXPECT_EQ(kit.exit, 2) << kit;
  EXPECT_TRUE(kit.mentions("usance-contract-kit")) << kit;
  const Said flag = contract({"test", "--update-gs"});
  EXPECT_EQ(flag.exit, 2) << flag;
  EXPECT_TRUE(flag.mentions("did you mean '--update-gas'")) << flag;
  const fs::path project = make("taken");
  EXPECT_EQ(contract({"new", "bill_of_lading", "--dir", project.string()}).exit, 2);
  const Said lost = contract({"build", "--project", (folder_ / "").string()});
  EXPECT_EQ(lost.exit, 2) << lost;
}

}  // namespace
}  // namespace usance::test

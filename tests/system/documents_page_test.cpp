// docs/documents.md: every command on the page runs and prints what the page says.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "command_line.h"

namespace usance::test {
namespace {

struct Example {
  std::string command;
  std::vector<std::string> expected;  // lines
};

// "$ usance ..." lines inside ```console blocks, each with the lines that follow it.
std::vector<Example> examples_of(const std::filesystem::path& page) {
  std::ifstream in(page);
  std::vector<Example> out;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = line == "```console";
    } else if (inside && line.starts_with("$ usance ")) {
      out.push_back({line.substr(9), {}});
    } else if (inside && !out.empty() && !line.empty()) {
      out.back().expected.push_back(line);
    }
  }
  return out;
}

std::vector<std::string> words_of(const std::string& command) {
  std::istringstream in(command);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

TEST(DocumentsPage, EveryCommandPrintsWhatThePageSays) {
  const std::filesystem::path source(USANCE_SOURCE_DIR);
  std::filesystem::current_path(source);
  const std::vector<Example> examples = examples_of(source / "docs/documents.md");
  ASSERT_FALSE(examples.empty());
  for (const Example& example : examples) {
    const Said said = run("usance", words_of(example.command));
    EXPECT_EQ(said.exit, 0) << example.command << "\n" << said;
    for (const std::string& line : example.expected)
      EXPECT_TRUE(said.mentions(line)) << example.command << "\nlacks: " << line << "\n" << said;
  }
}

TEST(DocumentsPage, MatchAnswersProgramsWithOneJsonDocument) {
  const std::string folder = std::string(USANCE_SOURCE_DIR) + "/tests/fixtures/documents/invoices";
  const Said said = run("usance", {"invoice", "match", folder, "--output", "json"});
  ASSERT_EQ(said.exit, 0) << said;
  const nlohmann::json json = said.json();
  ASSERT_EQ(json["pairs"].size(), 26u);
  for (const auto& pair : json["pairs"]) {
    EXPECT_TRUE(pair["file_a"].get<std::string>().starts_with(folder + "/"));
    EXPECT_LT(pair["file_a"], pair["file_b"]);
    EXPECT_FALSE(pair["reason"].get<std::string>().empty());
    EXPECT_FALSE(pair["tokens"].empty());
  }
  EXPECT_EQ(json["pairs"][1]["class"], "LINK");
  ASSERT_EQ(json["errors"].size(), 1u);
  EXPECT_EQ(json["errors"][0]["file"], folder + "/delivery-note.txt");
  EXPECT_EQ(run("usance", {"invoice", "match", folder + "/none"}).exit, 2);
}

}  // namespace
}  // namespace usance::test

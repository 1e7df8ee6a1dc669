// usance invoice commit: what a client shows its bank, and how it is opened.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tools/usance/invoice_commands.h"
#include "tools/usance/report.h"

namespace usance::cli {
namespace {

class InvoiceCommitment : public ::testing::Test {
 protected:
  InvoiceCommitment() {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "invoice.xml") << "an invoice";
  }
  ~InvoiceCommitment() override { std::filesystem::remove_all(folder_); }

  // The commitment; empty when the command fails.
  std::string commit(const std::string& file, const std::string& salt) {
    CLI::App app;
    Context context;
    context.output = "json";
    CLI::App* noun = add_noun(app, "invoice", "");
    add_invoice_commitment(*noun, context);
    std::vector<std::string> words = {"invoice", "commit", (folder_ / file).string(), "--salt",
                                      (folder_ / salt).string()};
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    app.parse(words);
    ::testing::internal::CaptureStdout();
    const Outcome<ExitCode> outcome = context.action();
    const std::string out = ::testing::internal::GetCapturedStdout();
    return outcome ? Json::parse(out)["commitment"].get<std::string>() : "";
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("commitment-" + std::to_string(::getpid()));
};

TEST_F(InvoiceCommitment, TheSameSaltOpensItAndAnotherDoesNot) {
  const std::string made = commit("invoice.xml", "a.salt");
  EXPECT_EQ(made.size(), 64U);
  EXPECT_EQ(commit("invoice.xml", "a.salt"), made);
  EXPECT_NE(commit("invoice.xml", "b.salt"), made);
  std::ofstream(folder_ / "other.xml") << "another invoice";
  EXPECT_NE(commit("other.xml", "a.salt"), made);
}

TEST_F(InvoiceCommitment, NoSaltIsMadeForADocumentThatIsNotThere) {
  EXPECT_EQ(commit("none.xml", "c.salt"), "");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "c.salt"));
}

TEST_F(InvoiceCommitment, AFileOfAnotherKindIsNoSalt) {
  EXPECT_EQ(commit("invoice.xml", "invoice.xml"), "");
}

}  // namespace
}  // namespace usance::cli

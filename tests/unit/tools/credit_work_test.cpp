// usance lc worklist and usance lc compare: what a clerk reads.
#include "tools/usance/credit_work.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/credit_commands.h"
#include "tools/usance/shipped_interfaces.h"

namespace usance::cli {
namespace {

// A reply as the contract's interface renders it, from its fields.
Json work_list(const nlohmann::json& fields) {
  const auto interface =
      render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()).value();
  const auto message = interface.make(*interface.method("WorkList").value()->output_type());
  const auto set = render::set_from_json(*message, fields, "");
  EXPECT_TRUE(set.has_value()) << set.error().message;
  return render::to_json(*message);
}

nlohmann::json entry(const std::string& task, nlohmann::json due) {
  nlohmann::json out = {{"item", {{"task", task}, {"credit", "elbe-bank/ELB-1"}}}};
  out.update(due, true);
  return out;
}

TEST(WorkList, SaysWhatIsDueAndWhen) {
  const Json reply = work_list(
      {{"entries",
        {entry("EXAMINE_DOCUMENTS",
               {{"item", {{"due_on", "2027-03-01"}, {"number", 2}}}, {"overdue", true}}),
         entry("EXAMINE_DOCUMENTS", {{"item", {{"due_on", "2027-03-02"}, {"number", 3}}}}),
         entry("EXAMINE_DOCUMENTS",
               {{"item", {{"due_on", "2027-03-05"}, {"number", 4}}}, {"banking_days_left", 3}}),
         entry("ADVISE_CREDIT", nlohmann::json::object())}}});
  EXPECT_EQ(worklist_text(reply),
            "2027-03-01  overdue  EXAMINE_DOCUMENTS  elbe-bank/ELB-1  presentation 2  "
            "(MarkComplying, Refuse)\n"
            "2027-03-02  the last day  EXAMINE_DOCUMENTS  elbe-bank/ELB-1  presentation 3  "
            "(MarkComplying, Refuse)\n"
            "2027-03-05  3 banking days left  EXAMINE_DOCUMENTS  elbe-bank/ELB-1  presentation 4  "
            "(MarkComplying, Refuse)\n"
            "no deadline  ADVISE_CREDIT  elbe-bank/ELB-1  (Advise, DeclineAdvice)");
}

TEST(WorkList, SaysWhatANominatedBankMayDoAndWhatABankHasStopped) {
  const Json reply = work_list(
      {{"entries",
        {entry("EXAMINE_DOCUMENTS",
               {{"item", {{"due_on", "2027-03-05"}, {"number", 1}, {"bank", "nile-bank"}}},
                {"banking_days_left", 1}}),
         entry("PAY", {{"item", {{"due_on", "2027-03-05"}, {"number", 2}, {"bank", "elbe-bank"}}},
                       {"overdue", true},
                       {"on_hold", "CASE-7"}})}}});
  EXPECT_EQ(worklist_text(reply),
            "2027-03-05  1 banking day left  EXAMINE_DOCUMENTS  elbe-bank/ELB-1  presentation 1  "
            "(MarkComplying, Refuse, ForwardDocuments)\n"
            "2027-03-05  overdue  PAY  elbe-bank/ELB-1  presentation 2  (Honour, Undertake or "
            "Negotiate)  on hold: CASE-7 (ReleasePayment)");
}

TEST(WorkList, AnEmptyOneSaysSoAndAFullOneThatThereIsMore) {
  EXPECT_EQ(worklist_text(work_list(nlohmann::json::object())), "nothing to do");
  const Json full =
      work_list({{"entries", {entry("ADVISE_CREDIT", nlohmann::json::object())}}, {"more", true}});
  EXPECT_EQ(worklist_text(full),
            "no deadline  ADVISE_CREDIT  elbe-bank/ELB-1  (Advise, DeclineAdvice)\n"
            "and more: the list is full");
}

TEST(WorkList, EveryTaskOfTheContractSaysWhatDoesIt) {
  const auto interface =
      render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()).value();
  const auto& reply = *interface.method("WorkList").value()->output_type();
  const auto& tasks = *reply.FindFieldByName("entries")
                           ->message_type()
                           ->FindFieldByName("item")
                           ->message_type()
                           ->FindFieldByName("task")
                           ->enum_type();
  for (int i = 1; i < tasks.value_count(); ++i) {
    const std::string text = worklist_text(
        work_list({{"entries", {entry(tasks.value(i)->name(), nlohmann::json::object())}}}));
    EXPECT_TRUE(text.ends_with(")")) << text;
  }
}

// The verbs as a clerk types them.
class LetterOfCreditVerbs : public ::testing::Test {
 protected:
  LetterOfCreditVerbs() {
    folder_ =
        std::filesystem::temp_directory_path() / ("credit-work-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~LetterOfCreditVerbs() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path) << text;
    return path.string();
  }
  struct Said {
    ExitCode exit = ExitCode::kOk;
    std::string out;
    std::string failure;
  };
  static Said run(std::vector<std::string> words, const std::string& output = "text") {
    CLI::App app;
    Context context;
    context.output = output;
    CLI::App* noun = add_noun(app, "lc", "");
    add_credit_work(*noun, context);
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    app.parse(words);
    ::testing::internal::CaptureStdout();
    const Outcome<ExitCode> outcome = context.action();
    Said said;
    said.out = ::testing::internal::GetCapturedStdout();
    said.exit = outcome ? *outcome : outcome.error().exit;
    if (!outcome) said.failure = outcome.error().message;
    return said;
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(LetterOfCreditVerbs, CompareShowsTheRedlineOfTwoDrafts) {
  const std::string before = file("a.json", R"({"terms": {"expiry_date": "2027-03-01",
      "expiry_place": "AEDXB", "latest_shipment": "2027-02-01"}})");
  const std::string after =
      file("b.json", R"({"expiry_date": "2027-04-01", "expiry_place": "AEDXB"})");
  const Said text = run({"lc", "compare", before, after});
  EXPECT_EQ(text.exit, ExitCode::kOk);
  EXPECT_EQ(text.out,
            "expiry_date\n  - 2027-03-01\n  + 2027-04-01\n"
            "latest_shipment\n  - 2027-02-01\n");
  const Json json = Json::parse(run({"lc", "compare", before, after}, "json").out);
  ASSERT_EQ(json["differences"].size(), 2U);
  EXPECT_EQ(json["differences"][1]["term"], "latest_shipment");
  EXPECT_EQ(json["differences"][1]["after"], "");
}

TEST_F(LetterOfCreditVerbs, CompareLooksAtTermsAndNotAtHowTheyAreWritten) {
  const std::string typed =
      file("a.json", R"({"amount": "USD:1000.00", "expiry_date": "2027-03-01"})");
  const std::string mapped = file("b.json", R"({"terms": {
      "expiry_date": 20270301, "amount": {"currency": "USD", "minor_units": "100000"}}})");
  EXPECT_EQ(run({"lc", "compare", typed, mapped}).out, "the terms are equal\n");
}

TEST_F(LetterOfCreditVerbs, CompareSaysWhatAClerkWouldSay) {
  const std::string before =
      file("a.json", R"({"amount": "USD:80000.00", "transhipment": "NOT_ALLOWED",
          "goods": "Mangoes \"Alphonso\""})");
  const std::string after = file("b.json", R"({"amount": "USD:82000.00", "form": "IRREVOCABLE"})");
  EXPECT_EQ(run({"lc", "compare", before, after}).out,
            "amount\n  - USD 80,000.00\n  + USD 82,000.00\n"
            "form\n  + IRREVOCABLE\n"
            "goods\n  - Mangoes \"Alphonso\"\n"
            "transhipment\n  - NOT_ALLOWED\n  + ALLOWED\n");
}

TEST_F(LetterOfCreditVerbs, CompareRefusesWhatItCannotRead) {
  const std::string good = file("a.json", "{}");
  const Said missing = run({"lc", "compare", good, good + ".no.json"});
  EXPECT_NE(missing.exit, ExitCode::kOk);
  EXPECT_NE(missing.failure.find(".no.json"), std::string::npos) << missing.failure;
  const Said unknown =
      run({"lc", "compare", good, file("unknown.json", R"({"expiry_dat": "2027-03-01"})")});
  EXPECT_EQ(unknown.exit, ExitCode::kUsage);
  EXPECT_NE(unknown.failure.find("expiry_dat"), std::string::npos) << unknown.failure;
  const std::string broken = file("broken.json", "{\"terms\": ");
  const Said unread = run({"lc", "compare", broken, good});
  EXPECT_EQ(unread.exit, ExitCode::kUsage);
  EXPECT_NE(unread.failure.find("broken.json"), std::string::npos) << unread.failure;
}

TEST_F(LetterOfCreditVerbs, ACreditOnTheLedgerNeedsAProfile) {
  const std::string good = file("a.json", "{}");
  EXPECT_NE(run({"lc", "compare", good, "elbe-bank/ELB-1"}).exit, ExitCode::kOk);
  EXPECT_NE(run({"lc", "worklist"}).exit, ExitCode::kOk);
}

}  // namespace
}  // namespace usance::cli

#include "tools/usance/arguments.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "contracts/system/interfaces.h"
#include "tests/unit/tools/sample_interface.h"
#include "tools/render/text.h"
#include "tools/usance/scope_text.h"
#include "tools/usance/shipped_interfaces.h"

namespace usance::cli {
namespace {

class ArgumentsTest : public testing::Test {
 protected:
  Result<std::unique_ptr<google::protobuf::Message>> build(const std::vector<std::string>& words) {
    return build_request(
        interface, *interface.method("Issue").value(), words,
        [](const std::string& path) -> Result<Bytes> {
          if (path == "terms.json")
            return to_bytes(R"({"amount": "USD:5.00", "expiry_date": "2026-12-01"})");
          if (path == "invoice.xml") return to_bytes("an invoice");
          return fail(ErrorCode::kNotFound, "the file " + path + " cannot be read");
        });
  }
  std::string line(const std::vector<std::string>& words) {
    const auto built = build(words);
    return built ? render::to_line(**built) : "error: " + built.error().message;
  }
  render::Interface interface = render::sample_interface();
};

TEST_F(ArgumentsTest, FlagsOfEveryType) {
  EXPECT_EQ(
      line({"--number", "LC-1", "--terms.amount", "USD:1000.00", "--terms.expiry-date",
            "2026-11-21", "--terms.form=at-sight", "--days", "21", "--urgent", "--due",
            "2026-11-21T10:30:00Z", "--raw", "0a0b"}),
      "{number: LC-1, terms: {amount: USD 1,000.00, expiry_date: 2026-11-21, form: AT_SIGHT}, "
      "days: 21, urgent: true, due: 2026-11-21T10:30:00.000Z, raw: 0a0b}");
}

TEST_F(ArgumentsTest, AHashIsGivenOrTakenOfAFile) {
  const std::string hash = to_hex(sha256(as_bytes("an invoice")));
  EXPECT_EQ(line({"--number", "1", "--documents", "sha256:invoice.xml", "--documents", hash}),
            "{number: 1, documents: [" + hash + ", " + hash + "]}");
}

TEST_F(ArgumentsTest, MessagesComeFromFilesOrJson) {
  const std::string terms = "{number: 1, terms: {amount: USD 5.00, expiry_date: 2026-12-01}}";
  EXPECT_EQ(line({"--number", "1", "--terms", "@terms.json"}), terms);
  EXPECT_EQ(line({"--arguments", R"({"number": "1", "terms": {"amount": {"currency": "USD",
                  "minorUnits": "500"}, "expiryDate": 20261201}})"}),
            terms);
}

// "funding": {"margin": 0} is a funding that says nothing, and no default is written out.
TEST_F(ArgumentsTest, ANestedMessageThatSaysNothingIsNotWritten) {
  const auto& type = *interface.method("Issue").value()->input_type();
  const auto message = interface.make(type);
  const auto& reflection = *message->GetReflection();
  reflection.SetString(message.get(), type.FindFieldByName("number"), "1");
  const Bytes without = render::encode_message(*message);
  const auto* terms = type.FindFieldByName("terms");
  auto& nested = *reflection.MutableMessage(message.get(), terms);
  EXPECT_EQ(render::encode_message(*message), without);
  nested.GetReflection()->MutableMessage(&nested, terms->message_type()->FindFieldByName("amount"));
  EXPECT_EQ(render::encode_message(*message), without);
  nested.GetReflection()->SetInt32(&nested, terms->message_type()->FindFieldByName("expiry_date"),
                                   20261201);
  EXPECT_NE(render::encode_message(*message), without);
}

TEST_F(ArgumentsTest, EveryMistakeIsNamed) {
  const auto says = [&](const std::vector<std::string>& words, const std::string& part) {
    const std::string out = line(words);
    EXPECT_TRUE(out.starts_with("error: ") && out.find(part) != std::string::npos)
        << out << "\nshould say: " << part;
  };
  says({"--nubmer", "1"}, "did you mean '--number'");
  says({"--number", "1", "--terms.amuont", "USD:1"}, "did you mean '--terms.amount'");
  says({}, "Issue needs --number");
  says({"--number", "1", "--terms.days", "1"}, "no flag --terms.days");
  says({"--number", "1", "--terms.form", "DEFERRED", "--days", "2"}, "needs --terms.amount");
  says({"--number", "1", "--terms.amount", "JPY:1.5"}, "--terms.amount: 'JPY:1.5': JPY has 0");
  says({"--number", "1", "--days", "-1"}, "--days: '-1' is not a 32-bit integer, zero or more");
  says({"--number", "1", "--days", "4294967296"}, "32-bit");
  says({"--number", "1", "--terms.expiry-date", "2026-02-30"}, "a day of the calendar");
  says({"--number", "1", "--terms.form", "AT_SIHGT"}, "did you mean 'AT_SIGHT'");
  says({"--number", "1", "--number", "2"}, "given twice");
  says({"--number"}, "--number needs a value");
  says({"LC-1"}, "stands where a flag should");
  says({"--number", "1", "--documents", "abc"}, "64 hexadecimal digits");
  says({"--number", "1", "--documents", "sha256:none.xml"}, "none.xml cannot be read");
  says({"--arguments", "{\"nmber\": \"1\"}"}, "did you mean 'number'");
  says({"--arguments", R"({"voyage": "1"})"},
       "voyage is no field of IssueRequest, which has number, terms, documents");
  says({"--arguments", R"({"number": "1", "raw": ")" + std::string(2 * 4'096, 'a') + "\"}"},
       "raw: bytes are base64 in JSON; in hexadecimal digits");
  says({"--arguments", R"({"number": "1", "raw": 5})"}, "raw: 5 is not bytes in base64");
  says({"--arguments", "{"}, "--arguments");
  says({"--arguments", R"({"number": 5})"}, "number: 5 is not text");
  says({"--arguments", R"({"number": "1", "terms": {"amount": 5}})"}, "terms.amount");
}

// What the contract would refuse for its length is refused before it is signed and paid for.
TEST_F(ArgumentsTest, LengthsAreBoundedAsTheInterfaceSays) {
  EXPECT_EQ(line({"--number", std::string(1'025, 'x')}),
            "error: number: 1025 bytes; at most 1024 are allowed");
  EXPECT_TRUE(line({"--number", std::string(1'024, 'x')}).starts_with("{number: x"));
  EXPECT_EQ(line({"--number", "1", "--raw", std::string(2 * 4'097, 'a')}),
            "error: raw: 4097 bytes; at most 4096 are allowed");
  const std::string hash = to_hex(sha256(as_bytes("an invoice")));
  std::vector<std::string> many = {"--number", "1", "--remarks", "four"};
  EXPECT_TRUE(line(many).starts_with("{number: 1")) << line(many);
  many.insert(many.end(), {"--remarks", "fives"});
  EXPECT_EQ(line(many), "error: remarks[1]: 5 bytes; at most 4 are allowed");
  many.insert(many.end(), {"--remarks", "x"});
  EXPECT_EQ(line(many), "error: remarks: 3 elements; at most 2 are allowed");
  many = {"--number", "1"};
  for (int i = 0; i < 257; ++i) many.insert(many.end(), {"--documents", hash});
  EXPECT_EQ(line(many), "error: documents: 257 elements; at most 256 are allowed");
}

TEST_F(ArgumentsTest, CommentsOfTheInterfaceAreItsHelp) {
  const std::string help = method_help(interface, *interface.method("Issue").value());
  EXPECT_NE(help.find("for maker of a bank\n  Issues a credit.\n  Once.\n"), std::string::npos)
      << help;
  EXPECT_NE(help.find("a 32-bit integer, zero or more\n"), std::string::npos) << help;
  EXPECT_NE(help.find("   Days after ?[31mshipment.\n"), std::string::npos) << help;
  EXPECT_NE(interface_help(interface).find("maker of a bank\n             Issues a credit.\n"),
            std::string::npos)
      << interface_help(interface);
}

// A list's elements and what lies deeper are written in JSON, whose fields nobody can guess.
TEST(CreditHelp, NamesTheFieldsOfWhatIsWrittenInJson) {
  const auto interface =
      render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()).value();
  const auto help = [&](const char* method) {
    return method_help(interface, *interface.method(method).value());
  };
  EXPECT_NE(help("SetCalendar")
                .find("UtcOffset in JSON: {\"from\": ..., \"minutes\": ...}\n"
                      "  from     a date such as 2026-11-21\n"),
            std::string::npos)
      << help("SetCalendar");
  const std::string draft = help("DraftIssue");
  EXPECT_NE(draft.find("\nBankAt in JSON: {"), std::string::npos) << draft;
  EXPECT_EQ(draft.find("\nBankAt in JSON: {"), draft.rfind("\nBankAt in JSON: {")) << draft;
  EXPECT_EQ(draft.find("Terms in JSON"), std::string::npos) << "its fields are flags";
  const auto offsets = build_request(interface, *interface.method("SetCalendar").value(),
                                     {"--offsets.from", "2026-11-21"}, render::read_named_file);
  ASSERT_FALSE(offsets);
  EXPECT_NE(offsets.error().message.find("offsets is a list: give each UtcOffset as JSON"),
            std::string::npos)
      << offsets.error().message;
}

TEST(CreditHelp, AnAnswerThatIsTheFirstOfItsKindIsListed) {
  const auto interface =
      render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()).value();
  const std::string draft = method_help(interface, *interface.method("DraftIssue").value());
  EXPECT_NE(draft.find("one of ALLOWED (if not given), NOT_ALLOWED"), std::string::npos) << draft;
  EXPECT_EQ(draft.find("FORM_NOT_STATED"), std::string::npos) << draft;
}

// A vote without a word would be one against.
TEST(GovernanceVote, SaysForOrAgainst) {
  const auto interface = render::Interface::parse("governance", interfaces::governance()).value();
  const auto& vote = *interface.method("Vote").value();
  const auto build = [&](const std::vector<std::string>& words) {
    return build_request(interface, vote, words, render::read_named_file);
  };
  const auto silent = build({"--proposal", "3"});
  ASSERT_FALSE(silent);
  EXPECT_NE(silent.error().message.find("Vote needs --approve"), std::string::npos);
  EXPECT_FALSE(build({"--arguments", R"({"proposal": "3"})"}));
  EXPECT_TRUE(build({"--proposal", "3", "--approve"}));
  EXPECT_EQ(render::to_json(*build({"--proposal", "3", "--approve=false"}).value())["approve"],
            false);
  EXPECT_TRUE(build({"--proposal", "3", "--approve=false"}));
  EXPECT_TRUE(build({"--arguments", R"({"proposal": "3", "approve": false})"}));
  EXPECT_NE(method_help(interface, vote).find("(required)"), std::string::npos);
  EXPECT_NE(method_help(interface, vote).find("--approve[=false]"), std::string::npos);
}

TEST_F(ArgumentsTest, MethodsAreFoundInAnyStyle) {
  EXPECT_TRUE(interface.method("issue"));
  EXPECT_TRUE(interface.method("get-credit"));
  const auto wrong = interface.method("Isue");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("did you mean 'Issue'"), std::string::npos);
}

TEST_F(ArgumentsTest, HelpNamesFlagsCallersAndViews) {
  const std::string help = method_help(interface, *interface.method("Issue").value());
  for (const char* part : {"for maker of a bank", "--number", "(required)", "--terms.amount",
                           "an amount such as USD:1000.00", "a date such as"})
    EXPECT_NE(help.find(part), std::string::npos) << help;
  EXPECT_NE(interface_help(interface).find("views: usance query view sample METHOD\n  GetCredit"),
            std::string::npos)
      << interface_help(interface);
}

TEST(MethodHelp, SaysHowFieldsAreWrittenInJson) {
  const auto registry =
      render::Interface::parse("invoice_registry", interfaces::invoice_registry());
  ASSERT_TRUE(registry);
  const std::string help = method_help(*registry, *registry->method("Register").value());
  for (const char* part :
       {"  --tokens          JSON of Token, or @FILE.json; repeatable\n",
        "  tokens  JSON of Token; a list [...]\n", "  value  64 hexadecimal digits (required)\n"})
    EXPECT_NE(help.find(part), std::string::npos) << part << help;

  const auto oracles =
      render::Interface::parse("oracle_aggregator", interfaces::oracle_aggregator());
  ASSERT_TRUE(oracles);
  EXPECT_EQ(who_may_call(*oracles->method("Calibrate").value()), "checker of an inspector");
  EXPECT_EQ(who_may_call(*registry->method("Finance").value()), "maker or checker of a bank");
}

TEST_F(ArgumentsTest, RecordsAndErrorsAreNamed) {
  EXPECT_EQ(interface.error_name(7), "NOT_BENEFICIARY");
  EXPECT_EQ(interface.error_name(8), "");
  EXPECT_EQ(interface.record_of_item(as_bytes("credit"))->name(), "Credit");
  EXPECT_EQ(interface.record_of_item(as_bytes("note/5"))->name(), "Note");
  EXPECT_EQ(interface.record_of_item(as_bytes("other")), nullptr);
}

TEST(ScopeText, NamesAreReadBack) {
  const Bytes binary = {'k', 'e', 'y', '/', 0xe0, 0x2a};
  EXPECT_EQ(show_scope(binary), "key/0xe02a");
  EXPECT_EQ(show_scope(as_bytes("harbour-bank/LC-1")), "harbour-bank/LC-1");
  EXPECT_EQ(show_scope(as_bytes("0x12")), "0x30783132");
  for (const Bytes& name : {binary, to_bytes("harbour-bank/LC-1"), to_bytes("0x12"),
                            to_bytes("a/0xzz"), Bytes{0, 1, 2}, Bytes{}, Bytes{'/', 0xff, '/'}})
    EXPECT_EQ(parse_scope(show_scope(name)).value(), name) << show_scope(name);
  EXPECT_FALSE(parse_scope("0xabc"));
  EXPECT_FALSE(parse_scope("key/0xgg"));
  EXPECT_FALSE(parse_scope(std::string(257, 'a')));
}

TEST_F(ArgumentsTest, TextFromTheLedgerCannotDriveATerminal) {
  const auto built = build({"--number", "a\x1b[2Jb"});
  ASSERT_TRUE(built);
  EXPECT_EQ(render::to_line(**built), "{number: a\\x1b[2Jb}");
}

}  // namespace
}  // namespace usance::cli

#include "tools/usance/registry_names.h"

#include <gtest/gtest.h>

namespace usance::cli {
namespace {

using nlohmann::json;

TEST(RegistryNames, EveryReasonOfTheInterfaceHasWords) {
  using Reason = documents::MatchReason;
  for (const Reason reason :
       {Reason::kSameInvoice, Reason::kIdentityConflict, Reason::kNumberReused,
        Reason::kSimilarNumber, Reason::kOtherNumber, Reason::kNearNumberTyped,
        Reason::kOtherDocument, Reason::kCreditNote, Reason::kRefersTo, Reason::kNumberUsedTwice})
    EXPECT_NE(in_words(name_of(reason)), name_of(reason));
  EXPECT_EQ(in_words("OF_A_LATER_VERSION"), "OF_A_LATER_VERSION");
}

TEST(RegistryNames, WhoRegistersReadsWhatTheFlagsAskFor) {
  EXPECT_EQ(registration_text(json{{"entry", "nile-bank/R-1"}}), "registered as nile-bank/R-1");
  const json flags =
      json::array({{{"other", "nile-bank/R-1"}, {"colour", "RED"}, {"reason", "SAME_INVOICE"}},
                   {{"other", "nile-bank/R-2"}, {"colour", "AMBER"}, {"reason", "NUMBER_REUSED"}},
                   {{"other", "nile-bank/R-3"}, {"colour", "LINK"}, {"reason", "CREDIT_NOTE"}},
                   {{"other", "nile-bank/R-4"}, {"colour", "LINK"}, {"reason", "REFERS_TO"}}});
  EXPECT_EQ(registration_text(json{{"entry", "lake-bank/L-1"}, {"flags", flags}, {"similar", 2}}),
            "registered as lake-bank/L-1\n"
            "RED  nile-bank/R-1  every field agrees (SAME_INVOICE)\n"
            "    who finances first has it; the other is refused\n"
            "AMBER  nile-bank/R-2  seller, number and year agree; amount, date or buyer differ "
            "(NUMBER_REUSED)\n"
            "    to finance, one explains the flag (Explain) and another releases it "
            "(ReleaseFlag)\n"
            "LINK  nile-bank/R-3  a credit note and its invoice (CREDIT_NOTE)\n"
            "    what the note credits is not financed\n"
            "LINK  nile-bank/R-4  one names the other as the document before it (REFERS_TO)\n"
            "    to finance, one explains the flag (Explain) and another releases it "
            "(ReleaseFlag)\n"
            "entries of this buyer and week about this amount: 2");
  const json balances = json::array(
      {{{"token", {{"kind", "PURCHASE_ORDER"}}}, {"remaining", 4005}, {"colour", "LINK"}},
       {{"token", {{"kind", "CREDIT"}}}, {"remaining", 10000}},
       {{"token", {{"kind", "CREDIT"}}}, {"colour", "RED"}}});
  EXPECT_EQ(registration_text(json{{"entry", "lake-bank/L-1"}, {"balances", balances}}),
            "registered as lake-bank/L-1\n"
            "PURCHASE_ORDER  40.05 % of it may still be financed; others draw on it\n"
            "CREDIT  100.00 % of it may still be financed\n"
            "CREDIT  0.00 % of it may still be financed");
}

}  // namespace
}  // namespace usance::cli

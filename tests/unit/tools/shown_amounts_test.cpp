// Amounts that a record keeps as minor units beside the amount whose currency they have.
#include <gtest/gtest.h>

#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/shipped_interfaces.h"

namespace usance::cli {
namespace {

std::unique_ptr<render::Message> reply_of(const render::Interface& interface, const char* method,
                                          const nlohmann::json& fields) {
  auto message = interface.make(*interface.method(method).value()->output_type());
  const auto set = render::set_from_json(*message, fields, "");
  EXPECT_TRUE(set.has_value()) << set.error().message;
  return message;
}

TEST(ShownAmounts, HaveTheCurrencyThatTheirRecordNames) {
  const auto interface =
      render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()).value();
  const auto presentation =
      reply_of(interface, "GetPresentation",
               {{"claimed", "JPY:5000"},
                {"paid", 3500},
                {"undertakings",
                 {{{"amount", 1500}, {"legs", {{{"account", "a/b/JPY"}, {"amount", 1500}}}}}}}});
  EXPECT_EQ(render::to_text(*presentation),
            "claimed: JPY 5,000\n"
            "paid: JPY 3,500\n"
            "undertakings[0]:\n"
            "  amount: JPY 1,500\n"
            "  legs[0]:\n"
            "    account: a/b/JPY\n"
            "    amount: JPY 1,500\n");
  EXPECT_EQ(render::to_line(*presentation),
            "{claimed: JPY 5,000, paid: JPY 3,500, undertakings: [{amount: JPY 1,500, legs: "
            "[{account: a/b/JPY, amount: JPY 1,500}]}]}");
  EXPECT_EQ(render::to_reading(*presentation)["undertakings"][0]["amount"], "JPY 1,500");
  EXPECT_EQ(render::to_json(*presentation)["paid"], "3500");  // programs read minor units
}

TEST(ShownAmounts, ThatNothingGivesACurrencyStayNumbers) {
  const auto interface =
      render::Interface::parse("letter_of_credit", interfaces::letter_of_credit()).value();
  const auto without = reply_of(interface, "GetPresentation", {{"paid", 3500}});
  EXPECT_EQ(render::to_text(*without), "paid: 3500\n");
  const auto transfer =
      reply_of(interface, "GetTransfer", {{"drawn", 100}, {"terms", {{"amount", "USD:2.00"}}}});
  EXPECT_EQ(render::to_line(*transfer), "{terms: {amount: USD 2.00}, drawn: USD 1.00}");
}

}  // namespace
}  // namespace usance::cli

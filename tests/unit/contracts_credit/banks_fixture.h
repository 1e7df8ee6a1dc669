// The coffee sale with more than one bank that pays: Nile keeps a calendar in Kampala, both banks
// and a reimbursing bank, Lake, have money of their own, and the contract may charge their accounts
// when an undertaking falls due.
#pragma once

#include "credit_fixture.h"

namespace usance::letter_of_credit::v1::test {

class BanksTest : public CreditTest {
 protected:
  void SetUp() override {
    CreditTest::SetUp();
    namespace dm = deposit::v1::method;
    const std::string contract(kContract);
    const auto own = [&](const Caller& bank, const std::string& holder) {
      ASSERT_THAT(chain->call<dm::OpenAccount>(bank, "deposit", {holder, "USD"}), Succeeds());
    };
    own(nile_maker, std::string(kNile));
    own(outsider, std::string(kElbe));  // Elbe's account at Lake
    for (const Caller& bank : {elbe_checker, nile_checker, outsider}) {
      ASSERT_THAT(chain->call<dm::TrustContract>(bank, "deposit", {contract, true, true}),
                  Succeeds());
    }
    const auto limit = [&](const Caller& creditor, std::string_view debtor) {
      ASSERT_THAT(chain->call<dm::GrantLimit>(creditor, "deposit",
                                              {std::string(debtor), usd(1'000'000'00)}),
                  Succeeds());
    };
    limit(nile_checker, "lake-bank");
    limit(elbe_checker, kNile);
    mint(elbe_maker, elbe_account, 200'000'00);
    mint(nile_maker, nile_account, 300'000'00);
    mint(outsider, nostro, 150'000'00);
    ASSERT_THAT(call<method::SetCalendar>(nile_checker,
                                          {"UGKLA", {{day(2026, 1, 1), 180}}, 16 * 60, {6, 7}}),
                Succeeds());
  }

  // Payment by deferred payment at the issuing bank, so many days after shipment.
  static Terms deferred_terms(std::uint32_t days = 90) {
    Terms terms = coffee_terms();
    terms.available_by = AvailableBy::kDeferredPayment;
    terms.payment = {{0, {TenorFrom::kAfterShipment, days, {}}}};
    return terms;
  }
  // Available with Nile in Kampala.
  static Terms at_nile(Terms terms) {
    terms.available_with = terms.advising_bank;
    terms.expiry_place = "UGKLA";
    return terms;
  }
  void issue_and_confirm(Terms terms) {
    terms.confirmation = Confirmation::kConfirm;
    const auto issued = issue(terms);
    ASSERT_THAT(issued, Succeeds()) << issued.receipt.detail;
    const auto confirmed = call<method::Confirm>(nile_checker, {std::string(kCredit)});
    ASSERT_THAT(confirmed, Succeeds()) << confirmed.receipt.detail;
  }

  testchain::Reply<PresentationReply> undertake(std::uint32_t number = 1) {
    return call<method::Undertake>(elbe_checker, {std::string(kCredit), number});
  }
  // The same at Nile.
  testchain::Reply<PresentationReply> nile_marks(std::uint32_t number = 1) {
    return call<method::MarkComplying>(nile_maker, {std::string(kCredit), number});
  }
  testchain::Reply<PresentationReply> forward(std::uint32_t number = 1, bool lost = false) {
    return call<method::ForwardDocuments>(nile_maker, {std::string(kCredit), number, lost});
  }
  [[nodiscard]] Presentation presentation(std::uint32_t number = 1) {
    return view<method::GetPresentation>({std::string(kCredit), number});
  }

  const std::string nile_account = "nile-bank/nile-bank/USD";
  const std::string nostro = "lake-bank/elbe-bank/USD";
};

}  // namespace usance::letter_of_credit::v1::test

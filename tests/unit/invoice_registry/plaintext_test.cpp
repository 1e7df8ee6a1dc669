// "No number, name or amount": every invoice of the pile is registered, and nothing of it stands in
// the ledger's state, events or receipts.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "contracts/testchain/native_chain.h"
#include "registry_chain.h"
#include "tools/documents/invoice.h"
#include "tools/documents/tokens.h"

namespace usance::invoice_registry::v1 {
namespace {

namespace fs = std::filesystem;

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// Words and numbers of the invoice that nobody may find, in every writing that code might store.
std::vector<std::string> secrets_of(const documents::Invoice& raw,
                                    const documents::NormalisedInvoice& normal) {
  std::vector<std::string> out{upper(raw.number),
                               normal.number,
                               upper(raw.seller.name),
                               normal.seller_name,
                               upper(raw.buyer.name),
                               normal.buyer_name,
                               upper(raw.seller.tax_id),
                               normal.seller_id,
                               normal.buyer_id,
                               std::to_string(normal.date),
                               std::to_string(normal.amount)};
  const std::string date = std::to_string(normal.date);
  out.push_back(date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6));
  const auto number = [&](std::uint64_t value) {
    std::string fixed;
    std::string varint;
    for (int i = 0; i < 4; ++i) fixed.push_back(static_cast<char>(value >> (8 * i)));
    for (; value >= 0x80; value >>= 7) varint.push_back(static_cast<char>(value | 0x80));
    varint.push_back(static_cast<char>(value));
    out.push_back(upper(fixed));
    out.push_back(upper(varint));
  };
  number(static_cast<std::uint64_t>(normal.date));
  number(static_cast<std::uint64_t>(normal.amount));
  // What is shorter stands anywhere by chance.
  std::erase_if(out, [](const std::string& text) { return text.size() < 4; });
  return out;
}

TEST(Plaintext, NothingOfAnInvoiceStandsOnTheLedger) {
  testchain::NativeChain chain(registry_setup());
  std::vector<std::string> secrets;
  std::string ledger;  // all that every node holds
  const auto keep = [&](const testchain::Outcome& outcome) {
    ASSERT_THAT(outcome, Succeeds());
    const auto add = [&](const Bytes& bytes) {
      ledger.append(bytes.begin(), bytes.end());
      ledger.push_back('\n');
    };
    add(outcome.receipt.result);
    for (const Event& event : outcome.events) {
      add(event.key);
      add(event.data);
    }
  };
  documents::TokenKey key;
  key.secret.bytes[0] = 1;
  key.epoch = 2026;
  int entries = 0;
  for (const auto& file :
       fs::directory_iterator(USANCE_SOURCE_DIR "/tests/fixtures/documents/matching")) {
    std::ifstream in(file.path(), std::ios::binary);
    const auto invoice = documents::read_invoice(
        std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()));
    if (!invoice) continue;
    const auto normal = documents::normalise(*invoice);
    ASSERT_TRUE(normal);
    for (std::string& secret : secrets_of(*invoice, *normal)) secrets.push_back(secret);

    RegisterRequest request;
    request.reference = "R-" + std::to_string(++entries);
    request.client = kClient.organisation;
    request.side = Side::kSellerReceivable;
    request.document_class = static_cast<std::uint32_t>(std::stoi(normal->document_class));
    request.credits = request.document_class == 381 ? 10 : 0;
    request.epoch = key.epoch;
    request.commitment = sdk::Bytes(32, static_cast<std::uint8_t>(entries));
    for (const documents::Token& one : documents::invoice_tokens(key, *normal))
      request.tokens.push_back({static_cast<TokenKind>(one.kind),
                                sdk::Bytes(one.value.bytes.begin(), one.value.bytes.end())});
    keep(chain.call<method::GrantMandate>(kClient, kRegistry, {"bank-a", request.commitment}));
    keep(chain.call<method::Register>(kMakerA, kRegistry, request));
  }
  ASSERT_GT(entries, 25);
  for (const auto& [state_key, value] : chain.world().state) {
    ledger.append(state_key.scope.begin(), state_key.scope.end());
    ledger.append(state_key.item.begin(), state_key.item.end());
    ledger.append(value.begin(), value.end());
    ledger.push_back('\n');
  }
  ledger = upper(ledger);
  ASSERT_NE(ledger.find("BANK-A/R-1"), std::string::npos) << "the scan reads the ledger";
  for (const std::string& secret : secrets)
    EXPECT_EQ(ledger.find(secret), std::string::npos) << secret;
}

}  // namespace
}  // namespace usance::invoice_registry::v1

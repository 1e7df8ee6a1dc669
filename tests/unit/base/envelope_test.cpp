// Sealing and opening: who can, who cannot, and what nobody can change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/envelope_receipt.h"
#include "base/envelope_seal.h"

namespace usance {
namespace {

using ::testing::HasSubstr;

SecretSeed seed(std::uint8_t fill) {
  SecretSeed out;
  out.bytes.fill(fill);
  return out;
}

class EnvelopeTest : public testing::Test {
 protected:
  static EnvelopeAddress address(const std::string& org, std::uint8_t key) {
    return {OrgId(org), ed25519_signer(seed(key))->public_key()};
  }
  static EnvelopeContent content() {
    return {{},
            "two papers",
            {{"invoice.xml", to_bytes("<price>12000</price>")},
             {"flags.json", to_bytes("[\"UNDER\"]")}}};
  }
  [[nodiscard]] Result<Envelope> seal(const std::vector<EnvelopeAddress>& to,
                                      EnvelopeContent what) const {
    return seal_envelope(chain_, {OrgId("nile-bank"), *signer_, TimeMs(1'000)}, to,
                         std::move(what));
  }
  [[nodiscard]] Envelope sealed() const {
    return seal({address("harbour-customs", 2), address("dubai-customs", 3)}, content()).value();
  }
  [[nodiscard]] Result<EnvelopeContent> open(const Envelope& envelope, const std::string& org,
                                             std::uint8_t key) const {
    return open_envelope(chain_, envelope, OrgId(org), seed(key));
  }
  // The sender signs again what somebody has changed: only the encryption stands in the way.
  void sign_again(Envelope& envelope) const {
    envelope.signature = signer_->sign(envelope_id(chain_, envelope));
  }

  const ChainId chain_ = sha256(as_bytes("a genesis"));
  const std::unique_ptr<Signer> signer_ = ed25519_signer(seed(1));
};

TEST_F(EnvelopeTest, EachNamedOrganisationReadsWhatWasPutIn) {
  const Envelope envelope = sealed();
  const auto first = open(envelope, "harbour-customs", 2);
  const auto second = open(envelope, "dubai-customs", 3);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(first->note, "two papers");
  ASSERT_EQ(first->files.size(), 2U);
  EXPECT_EQ(first->files[0].name, "flags.json");
  EXPECT_EQ(as_text(first->files[1].content), "<price>12000</price>");
  EXPECT_EQ(content_commitment(chain_, *first), envelope.header.commitment);
}

TEST_F(EnvelopeTest, TheWholeBytesShowNothingOfTheContent) {
  const Bytes bytes = encode(sealed());
  const std::string_view all = as_text(bytes);
  for (const char* part : {"price", "12000", "UNDER", "invoice", "flags", "papers"})
    EXPECT_EQ(all.find(part), std::string_view::npos) << part;
}

TEST_F(EnvelopeTest, OthersCannotOpenIt) {
  const Envelope envelope = sealed();
  const auto unnamed = open(envelope, "lake-bank", 4);
  ASSERT_FALSE(unnamed);
  EXPECT_EQ(unnamed.error().code, ErrorCode::kNotFound);
  const auto old_key = open(envelope, "dubai-customs", 2);
  ASSERT_FALSE(old_key);
  EXPECT_EQ(old_key.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(old_key.error().message, HasSubstr("with the key file of that time"));
}

// Somebody who calls himself a recipient, with his own key written over the published one.
TEST_F(EnvelopeTest, AnotherKeyInTheHeaderOpensNothing) {
  Envelope envelope = sealed();
  envelope.header.recipients[0].key = ed25519_signer(seed(9))->public_key();
  EXPECT_EQ(open(envelope, "dubai-customs", 9).error().code, ErrorCode::kBadSignature);
  sign_again(envelope);
  EXPECT_EQ(open(envelope, "dubai-customs", 9).error().code, ErrorCode::kCorrupt);
}

TEST_F(EnvelopeTest, EveryChangedByteIsNoticed) {
  const Bytes whole = encode(sealed());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Bytes changed = whole;
    changed[i] ^= 1;
    const auto envelope = decode<Envelope>(changed);
    EXPECT_FALSE(envelope && open(*envelope, "harbour-customs", 2)) << "at " << i;
  }
}

// The sender himself cannot move a body under another header, nor promise another content.
TEST_F(EnvelopeTest, BodyHeaderAndCommitmentBelongTogether) {
  const Envelope one = sealed();
  const Envelope two = sealed();
  EXPECT_NE(one.body, two.body);
  EXPECT_NE(one.header.commitment, two.header.commitment);  // another salt
  Envelope mixed = one;
  mixed.body = two.body;
  sign_again(mixed);
  EXPECT_EQ(open(mixed, "harbour-customs", 2).error().code, ErrorCode::kCorrupt);
  Envelope later = one;
  later.header.time = TimeMs(2'000);
  sign_again(later);
  EXPECT_EQ(open(later, "harbour-customs", 2).error().code, ErrorCode::kCorrupt);
  Envelope empty = one;
  empty.body.clear();
  sign_again(empty);
  EXPECT_EQ(open(empty, "harbour-customs", 2).error().code, ErrorCode::kCorrupt);
}

TEST_F(EnvelopeTest, AnotherNetworksEnvelopeIsNone) {
  const Envelope envelope = sealed();
  const ChainId other = sha256(as_bytes("another genesis"));
  EXPECT_EQ(verify_envelope(other, envelope, ed25519_verifier()).error().code,
            ErrorCode::kBadSignature);
  EXPECT_NE(envelope_id(other, envelope), envelope_id(chain_, envelope));
}

TEST_F(EnvelopeTest, RefusesToSealWhatNobodyCouldReadBack) {
  const std::vector<EnvelopeAddress> to{address("harbour-customs", 2)};
  const auto refusal = [&](const std::vector<EnvelopeAddress>& whom, EnvelopeContent what) {
    const auto envelope = seal(whom, std::move(what));
    return envelope ? ErrorCode::kInternal : envelope.error().code;
  };
  EXPECT_EQ(refusal({}, content()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal({to[0], to[0]}, content()), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal({{OrgId("customs"), PublicKey{}}}, content()), ErrorCode::kInvalidArgument);
  for (const char* name : {"", "..", "../keys/consensus.key", ".bashrc", "a\nb", "a\\b"})
    EXPECT_EQ(refusal(to, {{}, "", {{name, {}}}}), ErrorCode::kInvalidArgument) << name;
  EXPECT_EQ(refusal(to, {{}, "", {{"a", {}}, {"a", {}}}}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal(to, {{}, std::string(limits::kMaxEnvelopeNote + 1, 'x'), {}}),
            ErrorCode::kInvalidArgument);
  const Bytes half(limits::kMaxEnvelopeContentBytes / 2 + 1);
  EXPECT_EQ(refusal(to, {{}, "", {{"a", half}, {"b", half}}}), ErrorCode::kInvalidArgument);
}

// As large as it may be in everything, it still decodes.
TEST_F(EnvelopeTest, TheLargestEnvelopeFits) {
  EnvelopeContent most{{}, std::string(limits::kMaxEnvelopeNote, 'n'), {}};
  for (std::size_t i = 0; i < limits::kMaxEnvelopeFiles; ++i) {
    std::string name = std::to_string(i);
    name.resize(limits::kMaxEnvelopeFileName, 'f');
    most.files.push_back(
        {name, Bytes(limits::kMaxEnvelopeContentBytes / limits::kMaxEnvelopeFiles)});
  }
  std::vector<EnvelopeAddress> to;
  for (std::size_t i = 0; i < limits::kMaxEnvelopeRecipients; ++i)
    to.push_back(address(std::string(63, 'o') + static_cast<char>('a' + i), 2));
  const Bytes bytes = encode(seal(to, most).value());
  EXPECT_LE(bytes.size(), limits::kMaxEnvelopeBytes);
  const auto envelope = decode<Envelope>(bytes);
  ASSERT_TRUE(envelope) << envelope.error().message;
  EXPECT_TRUE(open(*envelope, to.back().org.value, 2));
}

// A fixed content's commitment: the format does not change by mistake (docs/spec/envelopes.md).
TEST_F(EnvelopeTest, TheCommitmentOfTheSpecification) {
  EnvelopeContent fixed{{}, "n", {{"a.txt", to_bytes("abc")}}};
  fixed.salt.bytes.fill(0x11);
  EXPECT_EQ(to_hex(ByteView(encode(fixed))),
            "c10101" + std::string(64, '1') +
                "010000006e01000000c0010105000000612e7478740300000061"
                "6263");
  ChainId chain;
  chain.bytes.fill(0x22);
  EXPECT_EQ(to_hex(content_commitment(chain, fixed)),
            "239f5882e380197dafd0050e41abf27af15671c919de6f0339ebeb335e523db9");
}

TEST_F(EnvelopeTest, AReceiptHoldsForItsWordsAndKeyOnly) {
  const Hash32 id = envelope_id(chain_, sealed());
  KeptReceipt kept = KeptReceipt::by(*signer_, chain_, {id, 1, TimeMs(5), TimeMs(6)});
  EXPECT_TRUE(kept.verifies(chain_, ed25519_verifier()));
  EXPECT_EQ(decode<KeptReceipt>(encode(kept)).value(), kept);
  EXPECT_FALSE(kept.verifies(sha256(as_bytes("another")), ed25519_verifier()));
  kept.statement.until = TimeMs(7);
  EXPECT_FALSE(kept.verifies(chain_, ed25519_verifier()));

  DeliveryReceipt taken = DeliveryReceipt::by(*signer_, chain_, {id, OrgId("customs"), TimeMs(8)});
  EXPECT_TRUE(taken.verifies(chain_, ed25519_verifier()));
  taken.key = ed25519_signer(seed(2))->public_key();
  EXPECT_FALSE(taken.verifies(chain_, ed25519_verifier()));
}

}  // namespace
}  // namespace usance

#include "tools/usance/envelope_desk.h"

#include <algorithm>
#include <chrono>

#include "proto/bytes.h"
#include "tools/render/calendar.h"
#include "tools/render/text.h"
#include "tools/usance/files.h"
#include "tools/usance/report.h"
#include "usance/v1/envelope.grpc.pb.h"
#include "usance/v1/governance.grpc.pb.h"

namespace usance::cli {

namespace {

Outcome<std::vector<EnvelopeAddress>> addresses(const Client& client,
                                                const std::vector<std::string>& organisations) {
  std::vector<EnvelopeAddress> out;
  for (const std::string& org : organisations) {
    const Outcome<NamedResult> answer =
        view_named(client, {kEnvelopesContract, "GetKey", {{"organisation", org}}});
    if (!answer) {
      Failure failure = answer.error();
      if (failure.exit == ExitCode::kContractError)
        failure.message +=
            "\nits administrator makes one and publishes it: usance envelope keygen "
            "FILE; usance envelope publish FILE";
      return tl::unexpected<Failure>(std::move(failure));
    }
    EnvelopeAddress address{OrgId(org), {}};
    const Json key = render::to_json(*answer->response);
    if (!fixed_from_hex(key.value("key", std::string()), address.key))
      return stop(ExitCode::kFailed, "the node answered with no key of '" + org + "'");
    out.push_back(std::move(address));
  }
  return out;
}

Outcome<SentEnvelope::Keeper> put_at(const Client& client, const std::string& bytes,
                                     const Hash32& id) {
  v1::PutEnvelopeRequest request;
  request.set_envelope(bytes);
  CLI_ASSIGN(const v1::PutEnvelopeResponse answer,
             client.call(&v1::EnvelopeService::Stub::PutEnvelope, request));
  const auto receipt = decode<KeptReceipt>(as_bytes(answer.receipt()));
  if (!receipt || receipt->statement.envelope != id)
    return stop(ExitCode::kNotProven,
                "the node " + client.address() + " answered with no receipt for this envelope");
  CLI_ASSIGN(std::string node, signer_of(client, *receipt, {}));
  return SentEnvelope::Keeper{client.address(), std::move(node), *receipt};
}

// Names what is kept already before what failed.
Failure after(Failure failure, const SentEnvelope& sent) {
  if (sent.keepers.empty()) return failure;
  failure.message = "the envelope " + to_hex(sent.id) + " is kept by " +
                    sent.keepers.back().address + ", but not all is done: " + failure.message;
  return failure;
}

Outcome<std::string> record(const Client& client, const SendingFlags& flags, EntryKind kind,
                            const Hash32& commitment) {
  const nlohmann::json request{{"reference", flags.record},
                               {"commitment", to_hex(commitment)},
                               {"kind", kind == EntryKind::kCase ? "CASE" : "PAPERS"},
                               {"about", flags.about}};
  CLI_ASSIGN(const NamedResult done, call_named(client, {kEnvelopesContract, "Record", request}));
  return render::to_json(*done.response).value("entry", std::string());
}

bool accepts(const AcceptedKeys& accepted, const PublicKey& key) {
  return std::ranges::any_of(accepted, [&](const std::string& text) {
    PublicKey one;
    return fixed_from_hex(text, one) && one == key;
  });
}

tl::unexpected<Failure> not_of_now(const PublicKey& key, const std::string& what) {
  return stop(ExitCode::kNotProven, "the key " + to_hex(key) + " is not, or no longer, " + what +
                                        "; if you know that it was then: --accept-key " +
                                        to_hex(key));
}

}  // namespace

TimeMs wall_time() {
  return TimeMs(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                               std::chrono::system_clock::now().time_since_epoch())
                                               .count()));
}

void add_accepted_keys(CLI::App& verb, AcceptedKeys& keys, const std::string& help) {
  verb.add_option("--accept-key", keys, help)
      ->allow_extra_args(false)
      ->check([](const std::string& text) {
        PublicKey key;
        return fixed_from_hex(text, key) ? std::string() : "a key has 64 hexadecimal digits";
      });
}

Outcome<std::string> user_of_key(const Client& client, const OrgId& org, const PublicKey& key,
                                 const AcceptedKeys& accepted) {
  if (accepts(accepted, key)) return std::string("holder of an accepted key");
  CLI_ASSIGN(
      const v1::ListOrganisationsResponse answer,
      client.call(&v1::GovernanceService::Stub::ListOrganisations, v1::ListOrganisationsRequest()));
  for (const v1::Organisation& one : answer.organisations()) {
    if (one.id() != org.value) continue;
    for (const v1::User& user : one.users())
      if (user.key() == proto::to_string(key)) return user.name();
  }
  return not_of_now(key, "registered for '" + org.value + "'");
}

Outcome<std::string> signer_of(const Client& client, const KeptReceipt& receipt,
                               const AcceptedKeys& accepted) {
  if (!receipt.verifies(client.chain(), ed25519_verifier()))
    return stop(ExitCode::kNotProven, "the receipt's signature does not verify");
  const std::string number = "node " + std::to_string(receipt.statement.node);
  CLI_ASSIGN(const v1::ListNodesResponse answer,
             client.call(&v1::GovernanceService::Stub::ListNodes, v1::ListNodesRequest()));
  const auto node = std::ranges::find(answer.nodes(), receipt.statement.node, &v1::LedgerNode::id);
  const bool known = node != answer.nodes().end();
  if (known && node->consensus_key() == proto::to_string(receipt.key)) return node->name();
  if (accepts(accepted, receipt.key)) return known ? node->name() : number;
  return not_of_now(receipt.key, "the key of the " + number + ", which signed the receipt");
}

Outcome<EnvelopeFile> envelope_file(const std::string& path) {
  const auto bytes = read_file(path, limits::kMaxEnvelopeContentBytes);
  if (!bytes) return stop(ExitCode::kUsage, bytes.error().message);
  return EnvelopeFile{Path(path).filename().string(), to_bytes(*bytes)};
}

void add_keeping_flags(CLI::App& verb, const std::shared_ptr<SendingFlags>& flags,
                       CLI::Option* entry) {
  verb.add_option("--also-at", flags->at,
                  "host:port of a further node that is to keep it, the recipient's for example");
  verb.add_option("--about", flags->about,
                  "What every member may read in the ledger's entry: a consignment, a credit")
      ->needs(entry);
}

void add_sending_flags(CLI::App& verb, const std::shared_ptr<SendingFlags>& flags) {
  CLI::Option* entry = verb.add_option(
      "--record", flags->record, "Put its salted hash on the ledger under this reference of yours");
  add_keeping_flags(verb, flags, entry);
}

Outcome<SentEnvelope> send_envelope(const Client& client, const SendingFlags& flags, EntryKind kind,
                                    EnvelopeContent content) {
  CLI_ASSIGN(const std::unique_ptr<Signer> signer, load_signer(client.profile()));
  CLI_ASSIGN(const std::vector<EnvelopeAddress> to, addresses(client, flags.to));
  const auto envelope = seal_envelope(client.chain(), {client.profile().org, *signer, wall_time()},
                                      to, std::move(content));
  if (!envelope) return stop(ExitCode::kUsage, envelope.error().message);
  SentEnvelope sent;
  sent.id = envelope_id(client.chain(), *envelope);
  sent.commitment = envelope->header.commitment;
  const std::string bytes = proto::canonical(*envelope);
  CLI_ASSIGN(SentEnvelope::Keeper own, put_at(client, bytes, sent.id));
  sent.keepers.push_back(std::move(own));
  for (const std::string& address : flags.at) {
    Profile there = client.profile();
    there.nodes = {address};
    const auto other = Client::connect(std::move(there), client.timeout_ms());
    if (!other) return tl::unexpected<Failure>(after(other.error(), sent));
    auto keeper = put_at(*other, bytes, sent.id);
    if (!keeper) return tl::unexpected<Failure>(after(keeper.error(), sent));
    sent.keepers.push_back(*std::move(keeper));
  }
  if (!flags.record.empty()) {
    auto entry = record(client, flags, kind, sent.commitment);
    if (!entry) return tl::unexpected<Failure>(after(entry.error(), sent));
    sent.entry = *std::move(entry);
  }
  return sent;
}

Json json_of(const SentEnvelope& sent) {
  Json keepers = Json::array();
  for (const SentEnvelope::Keeper& keeper : sent.keepers)
    keepers.push_back({{"node", keeper.node},
                       {"address", keeper.address},
                       {"until_ms", keeper.receipt.statement.until.value},
                       {"receipt", to_hex(ByteView(encode(keeper.receipt)))}});
  Json out{
      {"envelope", to_hex(sent.id)}, {"commitment", to_hex(sent.commitment)}, {"kept_by", keepers}};
  if (!sent.entry.empty()) out["entry"] = sent.entry;
  return out;
}

std::string text_of(const SentEnvelope& sent) {
  std::string out = "envelope " + to_hex(sent.id);
  for (const SentEnvelope::Keeper& keeper : sent.keepers)
    out += "\nkept by " + keeper.node + " (" + keeper.address + ") until " +
           render::format_time(static_cast<std::int64_t>(keeper.receipt.statement.until.value)) +
           ", as it has signed";
  if (!sent.entry.empty())
    out += "\non the ledger: " + sent.entry + " with the salted hash " + to_hex(sent.commitment);
  return out;
}

}  // namespace usance::cli

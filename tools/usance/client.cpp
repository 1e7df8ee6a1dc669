#include "tools/usance/client.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "node/x509.h"
#include "proto/status.h"
#include "tools/usance/clock.h"
#include "tools/usance/credentials.h"
#include "usance/v1/block.grpc.pb.h"

namespace usance::cli {

namespace {

// How long one node may take to answer the handshake before the next one is tried.
constexpr std::int64_t kConnectMs = 3'000;
constexpr std::int64_t kRefusalMs = 1'000;
constexpr int kMaxMessageBytes = 300 * 1024 * 1024;  // an evidence bundle fits

std::chrono::system_clock::time_point in(std::int64_t ms) {
  return std::chrono::system_clock::now() + std::chrono::milliseconds(ms);
}

// Why a running node and this program did not come together, or empty when nothing answers there.
// gRPC tells it in words only.
std::string refusal_of(const std::shared_ptr<grpc::Channel>& channel, const std::string& address,
                       bool doubted) {
  grpc::ClientContext context;
  context.set_deadline(in(kRefusalMs));
  v1::GetHeaderResponse ignored;
  const grpc::Status status =
      v1::BlockService::Stub(channel).GetHeader(&context, v1::GetHeaderRequest(), &ignored);
  const std::string text = status.error_message();
  const auto says = [&](const char* part) { return text.find(part) != std::string::npos; };
  if (says("certificate verify failed"))
    return "the node " + address + " is of another network than the genesis";
  if (says("handshake") || says("Handshake") || says("alert") || (doubted && says("Socket closed")))
    return "the node " + address + " refused the certificate";
  return "";
}

std::string unreachable(const std::string& address) {
  return "the node " + address +
         " does not answer: is it running? (usance devnet status, or usance node status)";
}

ContractRefusal contract_refusal(const proto::ApiError& error) {
  const auto entry = [&](const char* key) {
    const auto found = error.metadata.find(key);
    return found == error.metadata.end() ? std::string() : found->second;
  };
  const std::string code = entry("code");
  ContractRefusal out{entry("contract"), 0, error.message};
  std::from_chars(code.data(), code.data() + code.size(), out.code);
  return out;
}

}  // namespace

Failure rpc_failure(const grpc::Status& status, const std::string& address) {
  const proto::ApiError error = proto::read_status(status);
  std::string text = error.message.empty() ? status.error_message() : error.message;
  if (error.reason != v1::REASON_UNSPECIFIED) text = proto::reason_name(error.reason) + ": " + text;
  if (error.retry_after)
    text += " (try again in " + std::to_string(error.retry_after->count()) + " ms)";
  if (error.reason == v1::REASON_CONTRACT_ERROR)
    return {ExitCode::kContractError, text, contract_refusal(error)};
  if (error.reason == v1::REASON_TRAP) return {ExitCode::kTrap, text};
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      if (error.reason == v1::REASON_UNSPECIFIED)
        return {ExitCode::kUnavailable, unreachable(address) + "\n" + text};
      return {ExitCode::kUnavailable, text};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {ExitCode::kUnavailable,
              "no answer from " + address + " in time: " + text +
                  "\nask why: usance node why-stalled; or wait longer: --timeout 2m"};
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::ABORTED: return {ExitCode::kUnavailable, text};
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::OUT_OF_RANGE: return {ExitCode::kNotFound, text};
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::ALREADY_EXISTS: return {ExitCode::kRejected, text};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {ExitCode::kFailed, "the node " + address + " does not offer this: " + text};
    default: return {ExitCode::kFailed, text};
  }
}

namespace {

// For mutual TLS with the members' nodes, as the profile's user.
std::shared_ptr<grpc::ChannelCredentials> channel_credentials(const Genesis& genesis,
                                                              const Credentials& own) {
  grpc::SslCredentialsOptions tls;
  for (const GenesisOrganisation& org : genesis.organisations)
    if (const auto authority = x509::normalised_authority(org.ca_certificate))
      tls.pem_root_certs += *authority;
  tls.pem_root_certs += own.authority_pem;
  tls.pem_cert_chain = own.certificate_pem;
  tls.pem_private_key = own.key_pem;
  return grpc::SslCredentials(tls);
}

// Not connected yet.
std::shared_ptr<grpc::Channel> open_channel(
    const std::shared_ptr<grpc::ChannelCredentials>& credentials, const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(std::string(x509::kNodeDnsName));
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // streams get their own connections
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

}  // namespace

void Client::set_deadline(grpc::ClientContext& context) const {
  context.set_deadline(in(timeout_ms_));
}

Outcome<Client> Client::connect(Profile profile, std::int64_t timeout_ms) {
  const std::vector<std::string> nodes = profile.nodes;
  if (nodes.empty())
    return stop(ExitCode::kUsage, "the profile " + profile.name + " names no nodes: give --node");
  return connect_to(std::move(profile), nodes, timeout_ms);
}

Outcome<Client> Client::connect_admin(Profile profile, std::int64_t timeout_ms) {
  const std::string admin = profile.admin;
  if (admin.empty())
    return stop(ExitCode::kUsage, "the profile " + profile.name +
                                      " has no admin address: use the profile of the node's "
                                      "operator, such as ORG.admin");
  return connect_to(std::move(profile), {admin}, timeout_ms);
}

Outcome<Client> Client::connect_to(Profile profile, const std::vector<std::string>& addresses,
                                   std::int64_t timeout_ms) {
  Client client;
  CLI_ASSIGN(client.genesis_, load_genesis(profile.path_of(profile.genesis)));
  client.timeout_ms_ = timeout_ms;
  // What is wrong with the profile's files is no node's silence.
  CLI_ASSIGN(const Credentials credentials, read_credentials(profile, client.genesis_, now_ms()));
  client.credentials_ = channel_credentials(client.genesis_, credentials);
  client.doubt_ = credentials.doubt;
  client.profile_ = std::move(profile);
  client.untried_ = addresses;
  if (client.connect_next()) return client;
  if (!client.refusal_.empty())
    return stop(ExitCode::kRejected,
                client.refusal_ + (client.doubt_.empty() ? "" : ": " + client.doubt_));
  std::string tried;
  for (const std::string& address : addresses) tried += (tried.empty() ? "" : ", ") + address;
  return stop(ExitCode::kUnavailable,
              "no node answers at " + tried +
                  "\nare they running? usance devnet status --home DIR; another node: --node "
                  "HOST:PORT");
}

bool Client::is_broken(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty();
}

bool Client::connect_next() const {
  while (!untried_.empty()) {
    const std::string address = untried_.front();
    untried_.erase(untried_.begin());
    const auto channel = open_channel(credentials_, address);
    if (!channel->WaitForConnected(in(std::min(timeout_ms_, kConnectMs)))) {
      if (refusal_.empty()) refusal_ = refusal_of(channel, address, !doubt_.empty());
      continue;
    }
    channel_ = channel;
    address_ = address;
    return true;
  }
  return false;
}

Outcome<Client> connect(const Context& context) {
  CLI_ASSIGN(Profile profile, context.load());
  CLI_ASSIGN(const std::int64_t timeout, context.timeout_ms());
  return Client::connect(std::move(profile), timeout);
}

}  // namespace usance::cli

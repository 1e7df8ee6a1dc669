#include "tools/usance/client.h"

#include <algorithm>
#include <chrono>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "node/x509.h"
#include "proto/status.h"

namespace usance::cli {

namespace {

// How long one node may take to answer the handshake before the next one is tried.
constexpr std::int64_t kConnectMs = 3'000;
constexpr int kMaxMessageBytes = 300 * 1024 * 1024;  // an evidence bundle fits

std::chrono::system_clock::time_point in(std::int64_t ms) {
  return std::chrono::system_clock::now() + std::chrono::milliseconds(ms);
}

std::string unreachable(const std::string& address) {
  return "the node " + address +
         " does not answer: is it running? (usance devnet status, or usance node status)";
}

}  // namespace

Failure rpc_failure(const grpc::Status& status, const std::string& address) {
  const proto::ApiError error = proto::read_status(status);
  std::string text = error.message.empty() ? status.error_message() : error.message;
  if (error.reason != v1::REASON_UNSPECIFIED) text = proto::reason_name(error.reason) + ": " + text;
  if (error.retry_after)
    text += " (try again in " + std::to_string(error.retry_after->count()) + " ms)";
  if (error.reason == v1::REASON_CONTRACT_ERROR) return {ExitCode::kContractError, text};
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

Outcome<std::shared_ptr<grpc::Channel>> open_channel(const Profile& profile, const Genesis& genesis,
                                                     const std::string& address) {
  grpc::SslCredentialsOptions tls;
  for (const GenesisOrganisation& org : genesis.organisations)
    if (const auto authority = x509::normalised_authority(org.ca_certificate))
      tls.pem_root_certs += *authority;
  CLI_ASSIGN(tls.pem_cert_chain, read_file(profile.path_of(profile.certificate)));
  CLI_ASSIGN(tls.pem_private_key, read_file(profile.path_of(profile.certificate_key)));
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(std::string(x509::kNodeDnsName));
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // streams get their own connections
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(tls), arguments);
}

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
  CLI_TRY(open_channel(profile, client.genesis_, addresses.front()));
  client.profile_ = std::move(profile);
  client.untried_ = addresses;
  if (client.connect_next()) return client;
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
    const auto channel = open_channel(profile_, genesis_, address);
    if (!channel || !(*channel)->WaitForConnected(in(std::min(timeout_ms_, kConnectMs)))) continue;
    channel_ = *channel;
    address_ = address;
    return true;
  }
  return false;
}

}  // namespace usance::cli

// A connection to one of a profile's nodes, and how its errors become exit codes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/status.h>

#include "tools/usance/context.h"
#include "tools/usance/outcome.h"
#include "tools/usance/profile.h"

namespace usance::cli {

// What an RPC's status means: exit code and text; names the node and says what to do when it
// does not answer.
[[nodiscard]] Failure rpc_failure(const grpc::Status& status, const std::string& address);

// The first of the profile's nodes that accepts the connection. Used by one thread.
class Client {
 public:
  static Outcome<Client> connect(Profile profile, std::int64_t timeout_ms);
  // To the profile's own node's admin service.
  static Outcome<Client> connect_admin(Profile profile, std::int64_t timeout_ms);

  [[nodiscard]] const Profile& profile() const { return profile_; }
  [[nodiscard]] const Genesis& genesis() const { return genesis_; }
  [[nodiscard]] const ChainId& chain() const { return genesis_.chain_id; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  [[nodiscard]] std::int64_t timeout_ms() const { return timeout_ms_; }

  // One unary call: call(&TransactionService::Stub::Submit, request). If the connection breaks, the
  // next of the profile's nodes is asked: reading changes nothing, and submitting the same bundle
  // twice is submitting it once.
  template <class Stub, class Request, class Response>
  Outcome<Response> call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                      Response*),
                         const Request& request) const {
    while (true) {
      grpc::ClientContext context;
      set_deadline(context);
      Response response;
      Stub stub(channel_);
      const grpc::Status status = (stub.*method)(&context, request, &response);
      if (status.ok()) return response;
      if (!is_broken(status) || !connect_next())
        return tl::unexpected<Failure>(rpc_failure(status, address_));
    }
  }
  void set_deadline(grpc::ClientContext& context) const;

 private:
  static Outcome<Client> connect_to(Profile profile, const std::vector<std::string>& addresses,
                                    std::int64_t timeout_ms);

  // The transport failed, not the node's answer.
  static bool is_broken(const grpc::Status& status);
  // Connects to the next node that was not tried yet; false when there is none. Keeps in refusal_
  // what a node had against the connection.
  bool connect_next() const;

  Profile profile_;
  Genesis genesis_;
  std::shared_ptr<grpc::ChannelCredentials> credentials_;  // the profile's, as read at the start
  std::string doubt_;                                      // about the profile's certificate
  mutable std::vector<std::string> untried_;
  mutable std::string refusal_;  // of a node that runs but did not accept the connection
  mutable std::string address_;
  mutable std::shared_ptr<grpc::Channel> channel_;
  std::int64_t timeout_ms_ = 0;
};

// As the profile that the global flags name.
[[nodiscard]] Outcome<Client> connect(const Context& context);

}  // namespace usance::cli

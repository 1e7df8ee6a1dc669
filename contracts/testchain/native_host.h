// The host functions of one invocation of a native contract.
#pragma once

#include "contracts/sdk/host_api.h"
#include "contracts/testchain/native_chain.h"

namespace usance::testchain {

// How a host function stops a contract; the chain catches it.
struct Trapped {
  TrapCode code;
};

class NativeHost final : public contract::HostApi {
 public:
  NativeHost(NativeChain& chain, NativeAction& action, std::string method, Bytes arguments);

  std::int32_t method(contract::OutBuffer out) override;
  std::int32_t arguments(contract::OutBuffer out) override;
  void finish(ByteView response) override;
  std::int32_t get(ByteView scope, ByteView item, contract::OutBuffer out) override;
  bool has(ByteView scope, ByteView item) override;
  void put(ByteView scope, ByteView item, ByteView value) override;
  bool del(ByteView scope, ByteView item) override;
  std::int32_t next(ByteView scope, ByteView from, ByteView to, contract::OutBuffer out) override;
  std::int32_t context(contract::ContextField field, contract::OutBuffer out) override;
  std::int64_t block_height() override;
  std::int64_t block_time() override;
  void emit(ByteView name, ByteView key, ByteView data) override;
  std::int32_t call(ByteView contract, ByteView method, ByteView arguments) override;
  std::int32_t call_result(contract::OutBuffer out) override;
  std::int64_t schedule(std::int64_t at, ByteView method, ByteView arguments,
                        std::int64_t gas) override;
  bool cancel(std::int64_t timer) override;
  void sha256(ByteView data, std::uint8_t* out32) override;
  void sha3_256(ByteView data, std::uint8_t* out32) override;
  bool ed25519_verify(ByteView key32, ByteView message, ByteView signature64) override;
  bool p256_verify(ByteView key65, ByteView message, ByteView signature64) override;
  void log(ByteView text) override;

  [[nodiscard]] Bytes take_response() { return std::move(response_); }

 private:
  [[nodiscard]] const std::string& self() const { return action_.stack.back(); }
  [[nodiscard]] StateKey key(ByteView scope, ByteView item) const;
  void require_writable() const;
  [[nodiscard]] Bytes field(contract::ContextField field) const;

  NativeChain& chain_;
  NativeAction& action_;
  std::string method_;
  Bytes arguments_;
  Bytes response_;
  Bytes call_result_;
};

}  // namespace usance::testchain

// The protocol's constants. They are part of the format: changing one makes another network.
// What members may tune together is a parameter on the ledger (base/parameters.h) instead.
#pragma once

#include <cstddef>
#include <cstdint>

namespace usance::limits {

// Consensus (docs/spec/consensus.md, C-1.4).
inline constexpr std::uint64_t kExecutionLag = 8;       // W: how far execution may lag ordering
inline constexpr std::uint64_t kReplayHorizon = 3'600;  // D: heights in which an id is remembered
inline constexpr std::uint64_t kLeaderTerm = 128;       // heights between two planned rotations
inline constexpr std::size_t kMinValidators = 4;
inline constexpr std::size_t kMaxValidators = 100;
static_assert(kReplayHorizon > kExecutionLag, "an id must outlive the lag of its execution");

// Transactions and blocks.
inline constexpr std::size_t kMaxNameBytes = 64;             // organisations, contracts, methods
inline constexpr std::size_t kMaxArgumentBytes = 64 * 1024;  // arguments of one call
inline constexpr std::size_t kMaxBundleTransactions = 1'000;
inline constexpr std::size_t kMaxBundleBytes = 256 * 1024;  // a contract deployment fits
inline constexpr std::size_t kMaxBlockBundles = 10'000;
inline constexpr std::size_t kMaxBlockTransactions = 20'000;
inline constexpr std::size_t kMaxBodyBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kMaxTimersPerBlock = 1'000;
static_assert(kMaxBundleBytes <= kMaxBodyBytes, "the largest bundle must fit a block");
static_assert(kMaxArgumentBytes < kMaxBundleBytes, "the largest call must fit a bundle");

// State keys and values, events, results.
inline constexpr std::size_t kMaxScopeBytes = 256;
inline constexpr std::size_t kMaxItemBytes = 256;
inline constexpr std::size_t kMaxValueBytes = 64 * 1024;
inline constexpr std::size_t kMaxEventBytes = 16 * 1024;
inline constexpr std::size_t kMaxEventsPerTransaction = 64;
inline constexpr std::size_t kMaxReturnBytes = 64 * 1024;
inline constexpr std::size_t kMaxErrorBytes = 512;

// The VM (docs/spec/vm.md).
inline constexpr std::size_t kMaxCodeBytes = 256 * 1024;
inline constexpr std::size_t kMaxCallDepth = 256;    // wasm frames
inline constexpr std::size_t kMaxContractDepth = 8;  // contract-to-contract calls
inline constexpr std::size_t kMaxMemoryPages = 256;  // of 64 KiB

}  // namespace usance::limits

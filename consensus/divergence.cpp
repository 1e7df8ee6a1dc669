#include "consensus/divergence.h"

#include <algorithm>

#include "base/merkle.h"

namespace usance::consensus {

namespace {

Hash32 counted(const std::vector<Hash32>& leaves) {
  return counted_root(leaves.size(), merkle_root(leaves));
}

std::string number(const char* what, std::uint64_t own, std::uint64_t certified) {
  return std::string(what) + " is " + std::to_string(own) + " here, " + std::to_string(certified) +
         " as certified";
}

}  // namespace

ResultParts result_parts(const ResultHeader& header, std::span<const Receipt> receipts) {
  ResultParts parts{header, {}, {}};
  for (const Receipt& receipt : receipts) {
    parts.transactions.push_back(receipt.tx);
    parts.receipts.push_back(receipt_leaf(receipt));
  }
  return parts;
}

bool proves(const ResultParts& parts, const Hash32& result) {
  if (result_hash(parts.header) != result || counted(parts.receipts) != parts.header.receipt_root)
    return false;
  std::vector<Hash32> transactions;
  transactions.reserve(parts.transactions.size());
  for (const TxId& id : parts.transactions) transactions.push_back(transaction_leaf(id));
  return counted(transactions) == parts.header.transaction_root;
}

std::string first_difference(const ResultParts& own, const ResultParts& certified) {
  const std::size_t both = std::min(own.receipts.size(), certified.receipts.size());
  std::size_t at = 0;
  while (at < both && own.receipts[at] == certified.receipts[at] &&
         own.transactions[at] == certified.transactions[at])
    ++at;
  if (at < both || own.receipts.size() != certified.receipts.size()) {
    std::string out = "the first receipt that differs is " + std::to_string(at) + ", transaction ";
    if (at >= own.receipts.size())
      return out + to_hex(certified.transactions[at]) + ", which has none here";
    if (at >= certified.receipts.size())
      return out + to_hex(own.transactions[at]) + ", which has none as certified";
    out += to_hex(own.transactions[at]);
    if (own.transactions[at] != certified.transactions[at])
      out += " here, " + to_hex(certified.transactions[at]) + " as certified";
    return out;
  }
  const ResultHeader& a = own.header;
  const ResultHeader& b = certified.header;
  const std::string equal = "all receipts are equal, but ";
  if (a.block != b.block) return equal + "they are of different blocks";
  if (a.event_root != b.event_root) return equal + "the events differ";
  if (a.gas_used != b.gas_used) return equal + number("the gas used", a.gas_used, b.gas_used);
  if (a.state_root != b.state_root) return equal + "the state differs";
  if (a.epoch != b.epoch || a.set_hash != b.set_hash || a.next != b.next)
    return equal + "the validators differ";
  if (a.parameter_hash != b.parameter_hash) return equal + "the parameters differ";
  if (a.execution_version != b.execution_version)
    return equal + number("the execution version", a.execution_version, b.execution_version);
  if (a.next_timer_due != b.next_timer_due)
    return equal + number("the next timer's time", a.next_timer_due.value, b.next_timer_due.value);
  if (a.ledger_root != b.ledger_root) return equal + "an older height differs";
  return a == b ? std::string() : equal + "their headers differ";
}

}  // namespace usance::consensus

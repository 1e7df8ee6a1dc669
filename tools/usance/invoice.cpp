// usance invoice read | tokens | keygen: what a bank does with an invoice before it registers it.
// Works offline; nothing of the invoice leaves the machine.
#include <memory>

#include "base/key_file.h"
#include "base/signature.h"
#include "tools/documents/norm1.h"
#include "tools/documents/tokens.h"
#include "tools/usance/context.h"
#include "tools/usance/files.h"

namespace usance::cli {

namespace {

struct InvoiceFlags {
  std::string file;
  std::string key;
  std::uint32_t epoch = 0;
};

Outcome<documents::NormalisedInvoice> read_normalised(const std::string& file) {
  CLI_ASSIGN(const std::string text, read_file(file));
  const Result<documents::Invoice> invoice = documents::read_invoice(text);
  if (!invoice) return stop(ExitCode::kUsage, file + ": " + invoice.error().message);
  const Result<documents::NormalisedInvoice> out = documents::normalise(*invoice);
  if (!out) return stop(ExitCode::kUsage, file + ": " + out.error().message);
  return *out;
}

Json json_of(const documents::NormalisedInvoice& i) {
  return Json{{"document_class", i.document_class},
              {"number", i.number},
              {"skeleton", i.skeleton},
              {"date", i.date},
              {"currency", i.currency},
              {"amount_minor_units", i.amount},
              {"seller_id", i.seller_id},
              {"seller_name", i.seller_name},
              {"buyer_id", i.buyer_id},
              {"buyer_name", i.buyer_name}};
}

// The names of TokenKind in invoice_registry.proto, by number.
const char* const kKindNames[] = {
    "TOKEN_KIND_UNSET", "SAME",           "SAME_SELLER_ID",      "SAME_BUYER_ID",
    "SAME_NAMES",       "NUMBER_IN_YEAR", "NUMBER_IN_YEAR_NAME", "SKELETON",
    "SKELETON_NAME",    "RENUMBERED",     "RENUMBERED_NAMES",    "NEAR_NUMBER",
    "NEAR_NUMBER_NAME", "NUMBER",         "NUMBER_NAME"};

Outcome<ExitCode> read(const Context& context, const InvoiceFlags& flags) {
  CLI_ASSIGN(const documents::NormalisedInvoice invoice, read_normalised(flags.file));
  const Json json = json_of(invoice);
  std::string text;
  for (const auto& [name, value] : json.items())
    text += name + ": " + (value.is_string() ? value.get<std::string>() : value.dump()) + "\n";
  text.pop_back();
  print(context, json, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> tokens(const Context& context, const InvoiceFlags& flags) {
  CLI_ASSIGN(const documents::NormalisedInvoice invoice, read_normalised(flags.file));
  const Result<SecretSeed> secret = read_key_file(flags.key);
  if (!secret) return stop(ExitCode::kUsage, secret.error().message);
  documents::TokenKey key;
  key.secret.bytes = secret->bytes;
  key.epoch = flags.epoch;
  Json list = Json::array();
  std::string text;
  for (const documents::Token& token : documents::invoice_tokens(key, invoice)) {
    const std::string kind = kKindNames[static_cast<std::size_t>(token.kind)];
    list.push_back({{"kind", kind}, {"value", to_hex(token.value)}});
    text += to_hex(token.value) + "  " + kind + "\n";
  }
  text.pop_back();
  print(context, Json{{"epoch", flags.epoch}, {"tokens", list}}, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> keygen(const Context& context, const InvoiceFlags& flags) {
  const Result<void> written =
      create_key_file(flags.file, generate_seed(), "Token key of the invoice registry. Secret.");
  if (!written) return stop(ExitCode::kUsage, written.error().message);
  print(context, Json{{"file", flags.file}},
        "wrote " + flags.file + "; give it to the members' registry desks and to nobody else");
  return ExitCode::kOk;
}

}  // namespace

void add_invoice_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "invoice", "Read invoices (UBL, CII) and make registry tokens");
  const auto flags = std::make_shared<InvoiceFlags>();
  add_verb(*noun, context, "read", "The normalised fields of an invoice file",
           [&context, flags] { return read(context, *flags); })
      ->add_option("FILE", flags->file, "UBL 2.x or UN/CEFACT CII")
      ->required();
  CLI::App* make = add_verb(*noun, context, "tokens", "The fingerprints that the registry compares",
                            [&context, flags] { return tokens(context, *flags); });
  make->add_option("FILE", flags->file, "UBL 2.x or UN/CEFACT CII")->required();
  make->add_option("--key", flags->key, "The members' token key file")->required();
  make->add_option("--epoch", flags->epoch, "Year of the key, such as 2026")->required();
  add_verb(*noun, context, "keygen", "Make the members' token key",
           [&context, flags] { return keygen(context, *flags); })
      ->add_option("FILE", flags->file, "Where to write it")
      ->required();
}

}  // namespace usance::cli

// usance invoice read | tokens | match | keygen: what a bank does with an invoice before and when
// it registers it. Reading and matching work offline; of an invoice only its tokens leave the
// machine.
#include <memory>

#include "base/key_file.h"
#include "base/signature.h"
#include "tools/render/text.h"
#include "tools/usance/documents_behind.h"
#include "tools/usance/files.h"
#include "tools/usance/invoice_commands.h"
#include "tools/usance/registry_names.h"
#include "tools/usance/report.h"

namespace usance::cli {

namespace {

struct InvoiceFlags {
  std::string file;
  std::string key;
  std::uint32_t epoch = 0;
  // To register.
  bool enter = false;
  std::string reference;
  std::string client;
  std::string side = "SELLER_RECEIVABLE";
  std::string commitment;
  std::uint32_t credits = 0;
  std::string buyer_seal;
  DocumentsBehind behind;
  // Of a document behind a financing.
  std::string kind;
  std::vector<std::string> fields;
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
              {"buyer_name", i.buyer_name},
              {"preceding", i.preceding}};
}

Outcome<documents::TokenKey> key_of(const InvoiceFlags& flags) {
  CLI_ASSIGN(const SecretSeed secret, read_key_file(flags.key, kTokenKeyFormat));
  if (flags.epoch == 0)
    return stop(ExitCode::kUsage, "--key needs --epoch, the key's year, such as 2026");
  documents::TokenKey key;
  key.secret.bytes = secret.bytes;
  key.epoch = flags.epoch;
  return key;
}

// What the tokens of the invoice, and of the documents behind its financing, are made of.
Outcome<std::vector<documents::TokenInput>> all_inputs(const documents::NormalisedInvoice& invoice,
                                                       const InvoiceFlags& flags) {
  std::vector<documents::TokenInput> out = documents::invoice_inputs(invoice);
  CLI_ASSIGN(const std::vector<documents::TokenInput> behind, inputs_of(flags.behind));
  out.insert(out.end(), behind.begin(), behind.end());
  return out;
}

Outcome<std::vector<documents::Token>> tokens_of(const documents::NormalisedInvoice& invoice,
                                                 const InvoiceFlags& flags) {
  CLI_ASSIGN(const documents::TokenKey key, key_of(flags));
  CLI_ASSIGN(const std::vector<documents::TokenInput> inputs, all_inputs(invoice, flags));
  return documents::make_tokens(key, inputs);
}

Json token_list(const std::vector<documents::Token>& tokens) {
  Json out = Json::array();
  for (const documents::Token& token : tokens)
    out.push_back({{"kind", name_of(token.kind)}, {"value", to_hex(token.value)}});
  return out;
}

std::string token_lines(const std::vector<documents::Token>& tokens) {
  std::string out;
  for (const documents::Token& token : tokens)
    out += "\n" + to_hex(token.value) + "  " + name_of(token.kind);
  return out;
}

Outcome<Json> enter(Context& context, const InvoiceFlags& flags,
                    const documents::NormalisedInvoice& invoice,
                    const std::vector<documents::Token>& tokens) {
  if (tokens.empty()) return stop(ExitCode::kUsage, "--register needs --key and --epoch");
  if (flags.reference.empty() || flags.client.empty() || flags.commitment.empty())
    return stop(
        ExitCode::kUsage,
        "--register needs --reference, --client and --commitment (of the client's mandate)");
  CLI_ASSIGN(const Client client, connect(context));
  // The years before this one that the register knows: their entries are found by their tokens.
  CLI_ASSIGN(const NamedResult epochs,
             view_named(client, {"invoice_registry", "GetEpochs", nlohmann::json::object()}, 0));
  nlohmann::json look_back = nlohmann::json::array();
  CLI_ASSIGN(documents::TokenKey key, key_of(flags));
  CLI_ASSIGN(const std::vector<documents::TokenInput> inputs, all_inputs(invoice, flags));
  for (const auto& epoch : render::to_json(*epochs.response).value("look_back", Json::array())) {
    key.epoch = epoch.get<std::uint32_t>();
    look_back.push_back(
        {{"epoch", key.epoch}, {"tokens", token_list(documents::make_tokens(key, inputs))}});
  }
  nlohmann::json request{
      {"reference", flags.reference}, {"client", flags.client},
      {"side", flags.side},           {"document_class", std::stoi(invoice.document_class)},
      {"epoch", flags.epoch},         {"commitment", flags.commitment},
      {"tokens", token_list(tokens)}, {"look_back", look_back}};
  if (flags.credits != 0) request["credits"] = flags.credits;
  if (!flags.buyer_seal.empty()) request["buyer_seal"] = flags.buyer_seal;
  CLI_ASSIGN(const NamedResult done, call_named(client, {"invoice_registry", "Register", request}));
  return Json(render::to_json(*done.response));
}

Outcome<ExitCode> read(Context& context, const InvoiceFlags& flags) {
  CLI_ASSIGN(const documents::NormalisedInvoice invoice, read_normalised(flags.file));
  CLI_ASSIGN(const std::string file, read_file(flags.file));
  CLI_ASSIGN(const std::vector<std::string> remarks, documents::invoice_remarks(file));
  Json json = json_of(invoice);
  std::string text;
  for (const auto& [name, value] : json.items())
    if (!(value.is_array() && value.empty()))
      text += name + ": " + (value.is_string() ? value.get<std::string>() : value.dump()) + "\n";
  text.pop_back();
  for (const std::string& remark : remarks) note("note: " + remark);
  json["remarks"] = remarks;
  std::vector<documents::Token> tokens;
  if (!flags.key.empty()) {
    CLI_ASSIGN(tokens, tokens_of(invoice, flags));
    json["epoch"] = flags.epoch;
    json["tokens"] = token_list(tokens);
    text += token_lines(tokens);
  }
  if (flags.enter) {
    CLI_ASSIGN(json["registered"], enter(context, flags, invoice, tokens));
    text += "\n" + registration_text(json["registered"]);
  }
  print(context, json, text);
  return ExitCode::kOk;
}

Outcome<ExitCode> tokens(const Context& context, const InvoiceFlags& flags) {
  CLI_ASSIGN(const documents::NormalisedInvoice invoice, read_normalised(flags.file));
  CLI_ASSIGN(const std::vector<documents::Token> list, tokens_of(invoice, flags));
  print(context, Json{{"epoch", flags.epoch}, {"tokens", token_list(list)}},
        token_lines(list).substr(1));
  return ExitCode::kOk;
}

Outcome<ExitCode> document(const Context& context, const InvoiceFlags& flags) {
  CLI_ASSIGN(const documents::TokenKey key, key_of(flags));
  const auto input = documents::document_input(document_kinds().at(flags.kind), flags.fields);
  if (!input) return stop(ExitCode::kUsage, flags.kind + ": " + input.error().message);
  const std::vector<documents::Token> list = documents::make_tokens(key, {*input});
  print(context, Json{{"epoch", flags.epoch}, {"tokens", token_list(list)}},
        token_lines(list).substr(1));
  return ExitCode::kOk;
}

Outcome<ExitCode> keygen(const Context& context, const InvoiceFlags& flags) {
  CLI_TRY(create_key_file(flags.file, generate_seed(), "Token key of the invoice registry. Secret.",
                          kTokenKeyFormat));
  print(context, Json{{"file", flags.file}},
        "wrote " + flags.file + "; give it to the members' registry desks and to nobody else");
  return ExitCode::kOk;
}

}  // namespace

void add_invoice_commands(CLI::App& app, Context& context) {
  const CLI::Range kYears(2000, 2199);
  CLI::App* noun = add_noun(app, "invoice", "Read, compare and register invoices (UBL, CII)");
  const auto flags = std::make_shared<InvoiceFlags>();
  CLI::App* show = add_verb(*noun, context, "read", "The normalised fields of an invoice file",
                            [&context, flags] { return read(context, *flags); });
  show->add_option("FILE", flags->file, "UBL 2.x or UN/CEFACT CII")->required();
  show->add_option("--key", flags->key, "The members' token key file: shows the tokens too");
  show->add_option("--epoch", flags->epoch, "Year of the key, such as 2026")->check(kYears);
  show->add_flag("--register", flags->enter, "Register it on the ledger as the profile's user");
  show->add_option("--reference", flags->reference, "The bank's own reference of the entry");
  show->add_option("--client", flags->client, "The organisation whose invoice it is");
  show->add_option("--side", flags->side, "SELLER_RECEIVABLE or BUYER_PAYABLE")
      ->capture_default_str();
  show->add_option("--commitment", flags->commitment, "The commitment of the client's mandate");
  show->add_option("--credits", flags->credits,
                   "Of a credit note: its share of the invoice in basis points, rounded up");
  show->add_option("--buyer-seal", flags->buyer_seal,
                   "SHA-256 of a 32-byte salt and the buyer's name on this ledger: lets the buyer, "
                   "who gets the salt, dispute the goods");
  add_documents_behind(*show, flags->behind);
  CLI::App* make = add_verb(*noun, context, "tokens", "The fingerprints that the registry compares",
                            [&context, flags] { return tokens(context, *flags); });
  make->add_option("FILE", flags->file, "UBL 2.x or UN/CEFACT CII")->required();
  make->add_option("--key", flags->key, "The members' token key file")->required();
  make->add_option("--epoch", flags->epoch, "Year of the key, such as 2026")
      ->required()
      ->check(kYears);
  CLI::App* behind =
      add_verb(*noun, context, "document", "The fingerprint of a document behind a financing",
               [&context, flags] { return document(context, *flags); });
  std::vector<std::string> kinds;
  for (const auto& [name, kind] : document_kinds()) kinds.push_back(name);
  behind->add_option("KIND", flags->kind, "What it is")->required()->check(CLI::IsMember(kinds));
  behind
      ->add_option("FIELD", flags->fields,
                   "Number and carrier, operator, voyage or buyer; the declaration's number; "
                   "issuing bank and credit's number, the presentation's")
      ->required();
  behind->add_option("--key", flags->key, "The members' token key file")->required();
  behind->add_option("--epoch", flags->epoch, "Year of the key, such as 2026")
      ->required()
      ->check(kYears);
  add_invoice_match(*noun, context);
  add_invoice_commitment(*noun, context);
  add_verb(*noun, context, "keygen", "Make the members' token key",
           [&context, flags] { return keygen(context, *flags); })
      ->add_option("FILE", flags->file, "Where to write it")
      ->required();
}

}  // namespace usance::cli

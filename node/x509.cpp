#include "node/x509.h"

#include <ctime>
#include <memory>

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/hash.h"

namespace usance::x509 {

namespace {

template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* p) const { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION, X509_EXTENSION_free>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE, X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX, X509_STORE_CTX_free>>;
struct FreedBio {
  void operator()(BIO* p) const { BIO_free(p); }
};
using Bio = std::unique_ptr<BIO, FreedBio>;

tl::unexpected<Error> openssl_failed(const char* what) {
  const unsigned long code = ERR_get_error();
  char text[256] = "no detail";
  if (code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return fail(ErrorCode::kInternal, std::string(what) + ": " + text);
}

Bio memory(std::string_view pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Result<std::string> contents(BIO* bio) {
  char* data = nullptr;
  const long n = BIO_get_mem_data(bio, &data);
  if (n <= 0) return openssl_failed("writing PEM");
  return std::string(data, static_cast<std::size_t>(n));
}

// Our keys have no passphrase; without this OpenSSL would ask the terminal for one.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

Result<Key> read_key(std::string_view pem) {
  const Bio bio = memory(pem);
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key) return fail(ErrorCode::kMalformed, "not an unencrypted private key in PEM");
  return key;
}

Result<Cert> read_certificate(std::string_view pem) {
  const Bio bio = memory(pem);
  Cert cert(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!cert) return fail(ErrorCode::kMalformed, "not a certificate in PEM");
  return cert;
}

Result<std::string> key_pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return openssl_failed("writing a key");
  return contents(bio.get());
}

Result<std::string> certificate_pem(X509* cert) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(bio.get(), cert) != 1) return openssl_failed("writing a certificate");
  return contents(bio.get());
}

Result<void> add_entry(X509_NAME* name, const char* field, const std::string& value) {
  if (value.empty()) return {};
  if (value.size() > 64)
    return fail(ErrorCode::kInvalidArgument, "a certificate's name parts have 64 bytes at most");
  if (X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(value.data()),
                                 static_cast<int>(value.size()), -1, 0) != 1)
    return openssl_failed("a certificate's name");
  return {};
}

Result<void> add_extension(X509* cert, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  if (!extension) return openssl_failed("a certificate's extension");
  if (X509_add_ext(cert, extension.get(), -1) != 1) return openssl_failed("an extension");
  return {};
}

bool is_address(const std::string& name) {
  unsigned char buffer[16];
  return inet_pton(AF_INET, name.c_str(), buffer) == 1 ||
         inet_pton(AF_INET6, name.c_str(), buffer) == 1;
}

Result<std::string> alternative_names(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    // The value goes through OpenSSL's configuration syntax: nothing but names may reach it.
    for (const char c : name)
      if (!(std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == ':'))
        return fail(ErrorCode::kInvalidArgument, "'" + name + "' is no DNS name or address");
    if (!list.empty()) list += ",";
    list += (is_address(name) ? "IP:" : "DNS:") + name;
  }
  return list;
}

Result<Cert> unsigned_certificate(const Subject& subject, EVP_PKEY* key, unsigned days) {
  Cert cert(X509_new());
  if (!cert || X509_set_version(cert.get(), X509_VERSION_3) != 1)
    return openssl_failed("a new certificate");
  unsigned char serial[16];
  if (RAND_bytes(serial, sizeof serial) != 1) return openssl_failed("a serial number");
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7f) | 0x01);  // positive, full length
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert.get()));
  BN_free(number);
  // An hour back, so that a host whose clock is a little slow accepts a new certificate.
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), static_cast<long>(days) * 86'400);
  if (X509_set_pubkey(cert.get(), key) != 1) return openssl_failed("a certificate's key");
  X509_NAME* name = X509_get_subject_name(cert.get());
  USANCE_TRY(add_entry(name, "O", subject.org.value));
  USANCE_TRY(add_entry(name, "OU", subject.role));
  USANCE_TRY(add_entry(name, "CN", subject.name));
  return cert;
}

Result<Cert> issue_over(X509* issuer, EVP_PKEY* issuer_key, EVP_PKEY* key, const Subject& subject,
                        std::vector<std::string> names, unsigned days) {
  USANCE_ASSIGN(Cert cert, unsigned_certificate(subject, key, days));
  if (X509_set_issuer_name(cert.get(), X509_get_subject_name(issuer)) != 1)
    return openssl_failed("a certificate's issuer");
  const bool node = subject.role == kRoleNode;
  if (node) names.emplace_back(kNodeDnsName);
  USANCE_TRY(add_extension(cert.get(), issuer, NID_basic_constraints, "critical,CA:FALSE"));
  USANCE_TRY(add_extension(cert.get(), issuer, NID_key_usage, "critical,digitalSignature"));
  USANCE_TRY(add_extension(cert.get(), issuer, NID_ext_key_usage,
                           node ? "serverAuth,clientAuth" : "clientAuth"));
  USANCE_TRY(add_extension(cert.get(), issuer, NID_subject_key_identifier, "hash"));
  USANCE_TRY(add_extension(cert.get(), issuer, NID_authority_key_identifier, "keyid:always"));
  if (!names.empty()) {
    USANCE_ASSIGN(const std::string list, alternative_names(names));
    USANCE_TRY(add_extension(cert.get(), issuer, NID_subject_alt_name, list));
  }
  if (X509_sign(cert.get(), issuer_key, EVP_sha256()) == 0) return openssl_failed("signing");
  return cert;
}

std::string entry(const X509_NAME* name, int nid) {
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return {};
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  unsigned char* utf8 = nullptr;
  const int n = ASN1_STRING_to_UTF8(&utf8, value);
  if (n < 0) return {};
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(n));
  OPENSSL_free(utf8);
  return text;
}

Result<TimeMs> time_of(const ASN1_TIME* at) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(at, &parts) != 1) return fail(ErrorCode::kMalformed, "a certificate's date");
  return TimeMs(static_cast<std::uint64_t>(timegm(&parts)) * 1000);
}

Result<Hash32> key_hash(X509* cert) {
  unsigned char* der = nullptr;
  const int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
  if (n <= 0) return openssl_failed("a certificate's public key");
  const Hash32 hash = sha256(ByteView(der, static_cast<std::size_t>(n)));
  OPENSSL_free(der);
  return hash;
}

std::vector<std::string> names_of(X509* cert) {
  std::vector<std::string> names;
  auto* list =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(cert, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; list != nullptr && i < sk_GENERAL_NAME_num(list); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(list, i);
    if (name->type == GEN_DNS) {
      names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                         static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      char text[INET6_ADDRSTRLEN] = "";
      const int size = ASN1_STRING_length(name->d.iPAddress);
      inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(name->d.iPAddress), text,
                sizeof text);
      names.emplace_back(text);
    }
  }
  GENERAL_NAMES_free(list);
  return names;
}

}  // namespace

Result<KeyPair> make_authority(const Subject& subject, unsigned days) {
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return openssl_failed("a new key");
  USANCE_ASSIGN(const Cert cert, unsigned_certificate(subject, key.get(), days));
  X509_set_issuer_name(cert.get(), X509_get_subject_name(cert.get()));
  X509* self = cert.get();
  USANCE_TRY(add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0"));
  USANCE_TRY(add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign"));
  USANCE_TRY(add_extension(self, self, NID_subject_key_identifier, "hash"));
  if (X509_sign(self, key.get(), EVP_sha256()) == 0) return openssl_failed("signing");
  KeyPair pair;
  USANCE_ASSIGN(pair.key_pem, key_pem(key.get()));
  USANCE_ASSIGN(pair.certificate_pem, certificate_pem(self));
  return pair;
}

Result<KeyPair> issue(const KeyPair& authority, const Subject& subject,
                      const std::vector<std::string>& names, unsigned days) {
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return openssl_failed("a new key");
  KeyPair pair;
  USANCE_ASSIGN(pair.key_pem, key_pem(key.get()));
  USANCE_ASSIGN(pair.certificate_pem, renew(authority, pair.key_pem, subject, names, days));
  return pair;
}

Result<std::string> renew(const KeyPair& authority, const std::string& existing_key_pem,
                          const Subject& subject, const std::vector<std::string>& names,
                          unsigned days) {
  USANCE_ASSIGN(const Key issuer_key, read_key(authority.key_pem));
  USANCE_ASSIGN(const Cert issuer, read_certificate(authority.certificate_pem));
  USANCE_ASSIGN(const Key key, read_key(existing_key_pem));
  USANCE_ASSIGN(const Cert cert,
                issue_over(issuer.get(), issuer_key.get(), key.get(), subject, names, days));
  return certificate_pem(cert.get());
}

Result<CertificateInfo> inspect(std::string_view pem) {
  USANCE_ASSIGN(const Cert cert, read_certificate(pem));
  CertificateInfo info;
  const X509_NAME* name = X509_get_subject_name(cert.get());
  info.subject.org = OrgId(entry(name, NID_organizationName));
  info.subject.role = entry(name, NID_organizationalUnitName);
  info.subject.name = entry(name, NID_commonName);
  USANCE_ASSIGN(info.key_hash, key_hash(cert.get()));
  USANCE_ASSIGN(info.not_before, time_of(X509_get0_notBefore(cert.get())));
  USANCE_ASSIGN(info.not_after, time_of(X509_get0_notAfter(cert.get())));
  info.authority = X509_check_ca(cert.get()) == 1;
  info.names = names_of(cert.get());
  return info;
}

Result<std::string> normalised_authority(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  const std::size_t first = pem.find(kBegin);
  if (first != std::string_view::npos && pem.find(kBegin, first + 1) != std::string_view::npos)
    return fail(ErrorCode::kMalformed, "more than one certificate");
  USANCE_ASSIGN(const Cert cert, read_certificate(pem));
  if (X509_check_ca(cert.get()) != 1)
    return fail(ErrorCode::kInvalidArgument, "the certificate is not an authority's");
  return certificate_pem(cert.get());
}

Result<void> verify_issued_by(std::string_view pem, std::string_view authority_pem) {
  USANCE_ASSIGN(const Cert cert, read_certificate(pem));
  USANCE_ASSIGN(const Cert authority, read_certificate(authority_pem));
  const Store store(X509_STORE_new());
  const StoreContext context(X509_STORE_CTX_new());
  if (!store || !context || X509_STORE_add_cert(store.get(), authority.get()) != 1 ||
      X509_STORE_CTX_init(context.get(), store.get(), cert.get(), nullptr) != 1)
    return openssl_failed("verifying a certificate");
  if (X509_verify_cert(context.get()) == 1) return {};
  const int error = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  const bool expired = error == X509_V_ERR_CERT_HAS_EXPIRED;
  return fail(expired ? ErrorCode::kExpired : ErrorCode::kBadSignature,
              std::string("the certificate is not valid under the authority: ") +
                  X509_verify_cert_error_string(error));
}

Result<void> verify_key_matches(std::string_view key_text, std::string_view pem) {
  USANCE_ASSIGN(const Key key, read_key(key_text));
  USANCE_ASSIGN(const Cert cert, read_certificate(pem));
  const bool matches = X509_check_private_key(cert.get(), key.get()) == 1;
  ERR_clear_error();
  if (!matches)
    return fail(ErrorCode::kInvalidArgument, "the private key is not the certificate's");
  return {};
}

}  // namespace usance::x509

// A connection under TLS, or behind a PROXY header, with OpenSSL's client at
// the other end.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "base/limits.h"
#include "core/net/certificate.h"
#include "core/net/loopback.h"
#include "core/net/tls_client.h"
#include "net/connection.h"

namespace rt {
namespace {

struct Seen {
  Connection* connection = nullptr;
  std::string bytes;
  int reads = 0;
  int peer_ends = 0;
  int slow = 0;
  int deadlines = 0;
  bool alive = false;
};

// Keeps what comes, and closes where the peer ends, as all handlers do.
class Recorder final : public ConnectionHandler {
 public:
  Recorder(Connection* connection, Seen* seen)
      : connection_(connection), seen_(seen) {
    seen->connection = connection;
    seen->alive = true;
  }
  ~Recorder() override { seen_->alive = false; }
  void OnBytes(char* bytes, size_t length) override {
    ++seen_->reads;
    seen_->bytes.append(bytes, length);
  }
  void OnPeerEnd() override {
    ++seen_->peer_ends;
    connection_->CloseAfterFlush();
  }
  void OnSlow() override { ++seen_->slow; }
  void OnDeadline() override {
    ++seen_->deadlines;
    connection_->CloseAfterFlush();
  }

 private:
  Connection* connection_;
  Seen* seen_;
};

class TlsConnectionTest : public testing::Test {
 protected:
  bool Gone() {
    return net_.TurnUntil([this] { return !seen_.alive; });
  }

  Certificate certificate_;
  TlsContextPtr context_ = certificate_.Load().value();
  bool proxied_ = false;
  Seen seen_;
  Loopback net_{[this](Connection* connection) {
    if (proxied_) connection->ExpectProxyHeader();
    connection->StartTls(context_);
    return std::make_unique<Recorder>(connection, &seen_);
  }};
};

TEST_F(TlsConnectionTest, CarriesPlainBytesBothWays) {
  TlsClient client(&net_);
  ASSERT_TRUE(client.Handshake());
  EXPECT_STREQ(SSL_get_version(client.ssl()), "TLSv1.3");
  client.Send("question");
  ASSERT_TRUE(net_.TurnUntil([this] { return seen_.bytes == "question"; }));
  EXPECT_TRUE(seen_.connection->encrypted());
  seen_.connection->Enqueue("answer");
  client.Until("answer");
  EXPECT_EQ(seen_.connection->queued_bytes(), 0u);
}

TEST_F(TlsConnectionTest, WhatATurnSendsSharesARecord) {
  TlsClient client(&net_);
  ASSERT_TRUE(client.Handshake());
  for (int i = 0; i < 100; ++i) seen_.connection->Enqueue("piece ");
  seen_.connection->SendNow(Buffer::Copy("the last"));
  client.Until("the last");
  EXPECT_EQ(client.records(), 1u);
  EXPECT_EQ(client.seen().size(), 608u);
}

TEST_F(TlsConnectionTest, TakesAndSendsMoreThanAnyBufferHolds) {
  TlsClient client(&net_);
  ASSERT_TRUE(client.Handshake());
  const std::string much(3'000'000, 'x');
  client.Send(much);
  ASSERT_TRUE(
      net_.TurnUntil([&] { return seen_.bytes.size() == much.size(); }));
  EXPECT_EQ(seen_.bytes, much);
  seen_.connection->Enqueue(much);
  seen_.connection->Enqueue("the end");
  client.Until("the end");
  EXPECT_EQ(client.seen(), much + "the end");
}

TEST_F(TlsConnectionTest, ASlowPeerIsToldOfOnceAndLosesNothing) {
  TlsClient client(&net_, {0, "", nullptr, 4096});
  ASSERT_TRUE(client.Handshake());
  const BufferRef piece = Buffer::Copy(std::string(1024 * 1024, 'x'));
  size_t sent = 0;
  while (seen_.slow == 0 && sent < 64 * piece->size()) {
    seen_.connection->Enqueue(piece);
    sent += piece->size();
    net_.Turn(1);
  }
  EXPECT_EQ(seen_.slow, 1);
  seen_.connection->Enqueue("the end");
  client.Until("the end");
  EXPECT_EQ(client.seen().size(), sent + 7);
  EXPECT_EQ(seen_.connection->queued_bytes(), 0u);
}

TEST_F(TlsConnectionTest, DropsOnlyWhatIsNotSealedYet) {
  TlsClient client(&net_, {0, "", nullptr, 4096});
  ASSERT_TRUE(client.Handshake());
  const std::string first(32 * 1024 * 1024, 'x');
  seen_.connection->Enqueue(first);
  net_.Turn(1);
  ASSERT_GT(seen_.connection->queued_bytes(), 0u);
  seen_.connection->Enqueue("dropped");
  seen_.connection->DropQueued();
  seen_.connection->Enqueue("farewell");
  seen_.connection->CloseAfterFlush();
  EXPECT_TRUE(client.UntilEnd()) << "TLS says that it is the end";
  EXPECT_EQ(client.seen().size(), first.size() + 8);
  EXPECT_TRUE(client.seen().ends_with("xfarewell"));
}

TEST_F(TlsConnectionTest, EndsWithoutAReset) {
  TlsClient client(&net_);
  ASSERT_TRUE(client.Handshake());
  seen_.connection->Enqueue("bye");
  seen_.connection->CloseAfterFlush();
  client.Send("nobody reads this");
  EXPECT_TRUE(client.UntilEnd());
  EXPECT_EQ(client.seen(), "bye");
  EXPECT_FALSE(client.socket().was_reset());
  client.socket().Close();
  EXPECT_TRUE(Gone());
}

TEST_F(TlsConnectionTest, HearsThePeersEndOnceAndCanStillAnswer) {
  TlsClient client(&net_);
  ASSERT_TRUE(client.Handshake());
  client.Send("question");
  client.End();
  ASSERT_TRUE(net_.TurnUntil([this] { return seen_.peer_ends > 0; }));
  EXPECT_EQ(seen_.bytes, "question");
  client.socket().HalfClose();
  EXPECT_TRUE(client.UntilEnd());
  client.socket().Close();
  EXPECT_TRUE(Gone());
  EXPECT_EQ(seen_.peer_ends, 1);
}

TEST_F(TlsConnectionTest, APeerThatVanishesAmidTheHandshakeIsGone) {
  Client client(&net_);
  ASSERT_TRUE(net_.TurnUntil([this] { return seen_.alive; }));
  client.Send("\x16\x03\x01\x02");
  client.Close();
  EXPECT_TRUE(Gone());
  EXPECT_EQ(seen_.peer_ends, 1);
}

TEST_F(TlsConnectionTest, APeerThatSaysNothingMeetsTheDeadline) {
  Client client(&net_);
  ASSERT_TRUE(net_.TurnUntil([this] { return seen_.alive; }));
  seen_.connection->SetDeadline(5);
  EXPECT_EQ(client.UntilEnd(), "");
  EXPECT_EQ(seen_.deadlines, 1);
  EXPECT_FALSE(client.was_reset());
}

TEST_F(TlsConnectionTest, GarbageAndPlainHttpAreClosedCleanly) {
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"),
        std::string(4096, '\0'), std::string("\x16\x03\x01\x00\x05hello", 10),
        std::string(100'000, '\xff')}) {
    seen_ = Seen();
    Client client(&net_);
    client.Send(bytes);
    SCOPED_TRACE(bytes.substr(0, 20));
    client.UntilEnd();
    EXPECT_FALSE(client.was_reset());
    EXPECT_EQ(seen_.bytes, "");
    EXPECT_EQ(seen_.peer_ends, 1);
    client.Close();
    EXPECT_TRUE(Gone());
  }
}

TEST_F(TlsConnectionTest, ABrokenRecordIsTheEnd) {
  TlsClient client(&net_);
  ASSERT_TRUE(client.Handshake());
  seen_.connection->PauseReading();
  client.socket().Send("\x17\x03\x03\x00\x20" + std::string(32, 'x'));
  seen_.connection->Enqueue("before");
  client.Until("before");
  seen_.connection->ResumeReading();
  client.UntilEnd();
  EXPECT_EQ(seen_.bytes, "");
  EXPECT_EQ(seen_.peer_ends, 1);
}

TEST_F(TlsConnectionTest, RefusesWhatIsOlderThanTls12) {
  TlsClient old(&net_, {TLS1_1_VERSION, "", nullptr, 0});
  EXPECT_FALSE(old.Handshake());
  TlsClient good(&net_, {TLS1_2_VERSION, "", nullptr, 0});
  ASSERT_TRUE(good.Handshake());
  EXPECT_STREQ(SSL_get_version(good.ssl()), "TLSv1.2");
}

TEST_F(TlsConnectionTest, RefusesTls12WhereOnly13IsWanted) {
  context_ = certificate_.Load(true).value();
  TlsClient old(&net_, {TLS1_2_VERSION, "", nullptr, 0});
  EXPECT_FALSE(old.Handshake());
  TlsClient good(&net_);
  EXPECT_TRUE(good.Handshake());
}

TEST_F(TlsConnectionTest, AgreesOnHttp11AndOnNothingElse) {
  TlsClient good(&net_, {0, "http/1.1", nullptr, 0});
  ASSERT_TRUE(good.Handshake());
  const unsigned char* chosen = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(good.ssl(), &chosen, &length);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), length),
            "http/1.1");
  TlsClient other(&net_, {0, "h2", nullptr, 0});
  EXPECT_FALSE(other.Handshake());
}

// A session whose ticket has come.
SSL_SESSION* Visit(Loopback* net, Seen* seen) {
  TlsClient client(net);
  EXPECT_TRUE(client.Handshake());
  seen->connection->Enqueue("hello");
  client.Until("hello");
  client.End();  // else OpenSSL takes it for broken off, and never resumes it
  return SSL_get1_session(client.ssl());
}

TEST_F(TlsConnectionTest,
       ATicketSparesTheNextHandshakeUntilTheCertificateChanges) {
  SSL_SESSION* session = Visit(&net_, &seen_);
  TlsClient again(&net_, {0, "", session, 0});
  ASSERT_TRUE(again.Handshake());
  EXPECT_EQ(SSL_session_reused(again.ssl()), 1);
  context_ = certificate_.Load().value();
  TlsClient anew(&net_, {0, "", session, 0});
  ASSERT_TRUE(anew.Handshake());
  EXPECT_EQ(SSL_session_reused(anew.ssl()), 0);
  SSL_SESSION_free(session);
}

TEST_F(TlsConnectionTest, KeepsTheCertificateItBeganWith) {
  TlsClient before(&net_);
  ASSERT_TRUE(before.Handshake());
  Seen first = seen_;
  certificate_.Renew("renewed.test");
  context_ = certificate_.Load().value();
  TlsClient after(&net_);
  ASSERT_TRUE(after.Handshake());
  EXPECT_EQ(before.Subject(), "/CN=broker.test");
  EXPECT_EQ(after.Subject(), "/CN=renewed.test");
  first.connection->Enqueue("still here");
  before.Until("still here");
}

TEST_F(TlsConnectionTest, NewKeysChangeNothingForThoseWhoTalk) {
  TlsClient client(&net_);
  ASSERT_TRUE(client.Handshake());
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
    client.Send("x");
    seen_.connection->Enqueue("y");
    net_.Turn(1);
  }
  ASSERT_TRUE(net_.TurnUntil([this] { return seen_.bytes.size() == 100; }));
  client.Until(std::string(100, 'y'));
}

TEST_F(TlsConnectionTest, TheProxysHeaderComesBeforeTls) {
  proxied_ = true;
  TlsClient client(&net_);
  client.socket().Send("PROXY TCP4 192.0.2.1 10.0.0.1 4711 443\r\n");
  ASSERT_TRUE(client.Handshake());
  client.Send("question");
  ASSERT_TRUE(net_.TurnUntil([this] { return seen_.bytes == "question"; }));
  EXPECT_EQ(seen_.connection->peer_address().ToString(), "192.0.2.1");
}

class ProxiedConnectionTest : public testing::Test {
 protected:
  Seen seen_;
  Loopback net_{[this](Connection* connection) {
    connection->ExpectProxyHeader();
    return std::make_unique<Recorder>(connection, &seen_);
  }};
};

TEST_F(ProxiedConnectionTest, ItsHeaderSaysWhoseConnectionItIs) {
  Client client(&net_);
  client.Send("PROXY TCP6 2001:db8::1 ::1 4711 443\r\nquestion");
  ASSERT_TRUE(net_.TurnUntil([this] { return seen_.bytes == "question"; }));
  EXPECT_EQ(seen_.connection->peer_address().ToString(), "2001:db8::1");
  client.Send(" more");
  ASSERT_TRUE(
      net_.TurnUntil([this] { return seen_.bytes == "question more"; }));
  seen_.connection->SendNow(Buffer::Copy("answer"));
  client.Until("answer");
}

TEST_F(ProxiedConnectionTest, TheProxysOwnConnectionIsItsOwn) {
  Client client(&net_);
  client.Send("PROXY UNKN");
  net_.Turn(5);
  client.Send("OWN\r\n");
  client.Send("question");
  ASSERT_TRUE(net_.TurnUntil([this] { return seen_.bytes == "question"; }));
  EXPECT_EQ(seen_.connection->peer_address().ToString(), "127.0.0.1");
}

TEST_F(ProxiedConnectionTest, WithoutAGoodHeaderItIsClosed) {
  Client client(&net_);
  client.Send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
  EXPECT_EQ(client.UntilEnd(), "");
  EXPECT_FALSE(client.was_reset());
  client.Send("PROXY TCP4 192.0.2.1 10.0.0.1 4711 443\r\n");
  client.Close();
  EXPECT_TRUE(net_.TurnUntil([this] { return !seen_.alive; }));
  EXPECT_EQ(seen_.bytes, "");
}

TEST(TlsContext, NamesTheFileThatIsWrong) {
  const Certificate good;
  const Certificate other;
  const auto message = [](const std::string& certificate,
                          const std::string& key) {
    const auto loaded = TlsContext::Load({certificate, key, false});
    EXPECT_FALSE(loaded.ok());
    return loaded.ok() ? "" : loaded.error().message;
  };
  EXPECT_NE(message("/nowhere.pem", good.key_file()).find("/nowhere.pem"),
            std::string::npos);
  EXPECT_NE(message(good.file(), "/nowhere.pem").find("/nowhere.pem"),
            std::string::npos);
  EXPECT_NE(message(good.key_file(), good.key_file()).find("no certificate"),
            std::string::npos);
  EXPECT_NE(message(good.file(), good.file()).find("no private key"),
            std::string::npos);
  EXPECT_NE(message(good.file(), other.key_file()).find("is not that of"),
            std::string::npos);
  std::ofstream(other.file()) << "half a certif";
  EXPECT_NE(message(other.file(), other.key_file()).find(other.file()),
            std::string::npos);
}

TEST(TlsContext, AKeyUnderAPassphraseIsRefusedAndNobodyIsAsked) {
  const Certificate good;
  EVP_PKEY* key = EVP_EC_gen("P-256");
  std::FILE* out = std::fopen(good.key_file().c_str(), "w");
  const unsigned char word[] = "secret";
  PEM_write_PrivateKey(out, key, EVP_aes_256_cbc(), word, 6, nullptr, nullptr);
  std::fclose(out);
  EVP_PKEY_free(key);
  const auto loaded = good.Load();
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().message.find("without a passphrase"),
            std::string::npos);
}

TEST(TlsContext, SaysWhoseCertificateItIs) {
  const Certificate certificate("löwe.test");
  const std::string described = certificate.Load().value()->Describe();
  EXPECT_NE(described.find("CN = löwe.test, until "), std::string::npos)
      << described;
}

}  // namespace
}  // namespace rt

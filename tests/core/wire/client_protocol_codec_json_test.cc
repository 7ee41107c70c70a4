#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/client_protocol_codec.h"
#include "wire/encoded_push.h"

namespace rt {
namespace {

using Kind = Command::Kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Decoded {
  bool ok;
  std::vector<Command> commands;
};

Decoded Decode(std::string_view message) {
  Decoded decoded;
  decoded.ok = JsonCodec()
                   .Decode(message,
                           [&decoded](Command&& command) {
                             decoded.commands.push_back(std::move(command));
                             return true;
                           })
                   .ok();
  return decoded;
}

Command One(std::string_view message) {
  Decoded decoded = Decode(message);
  EXPECT_TRUE(decoded.ok) << message;
  EXPECT_THAT(decoded.commands, SizeIs(1)) << message;
  return decoded.commands.empty() ? Command{} : decoded.commands[0];
}

// --- A message's lines ------------------------------------------------------

TEST(JsonCodec, DecodesAPipelinedConnectAndSubscribe) {
  const Decoded decoded = Decode(
      "{\"connect\":{\"name\":\"js\"},\"id\":1}\n"
      "{\"subscribe\":{\"channel\":\"test\"},\"id\":2}");

  ASSERT_TRUE(decoded.ok);
  ASSERT_THAT(decoded.commands, SizeIs(2));
  EXPECT_EQ(decoded.commands[0].id, 1u);
  EXPECT_EQ(decoded.commands[0].kind, Kind::kConnect);
  EXPECT_EQ(decoded.commands[0].connect.name, "js");
  EXPECT_EQ(decoded.commands[1].id, 2u);
  EXPECT_EQ(decoded.commands[1].kind, Kind::kSubscribe);
  EXPECT_EQ(decoded.commands[1].subscribe.channel, "test");
}

TEST(JsonCodec, OneLineFeedMayEndAMessage) {
  EXPECT_EQ(One("{}\n").kind, Kind::kPong);
  EXPECT_FALSE(Decode("{}\n\n").ok);
}

TEST(JsonCodec, RefusesEmptyMessagesAndEmptyLines) {
  for (const char* message : {"", "\n", " ", "\n{}", "{}\n\n{}", "{}\n \n{}"}) {
    EXPECT_FALSE(Decode(message).ok) << message;
  }
}

TEST(JsonCodec, RefusesWhatIsNotOneObjectALine) {
  for (const char* message :
       {"{bad", "[]", "1", "null", "\"\"", "{}{}", "{} x", "{\"id\":1",
        "{\n\"id\":1}", "{\"id\":1,}", "{\"a\":\"\xff\"}"}) {
    EXPECT_FALSE(Decode(message).ok) << message;
  }
}

TEST(JsonCodec, ChecksTheGrammarOfWhatItIgnoresToo) {
  EXPECT_FALSE(Decode(R"({"id":1,"other":{"a" 1}})").ok);
  EXPECT_FALSE(Decode(R"({"publish":{"data":{"a":01}}})").ok);
  EXPECT_FALSE(Decode(R"({"publish":{"data":tru}})").ok);
}

TEST(JsonCodec, HandsOnWhatCameBeforeTheMistake) {
  const Decoded decoded = Decode("{\"id\":5,\"send\":{}}\n{bad\n{}");

  EXPECT_FALSE(decoded.ok);
  ASSERT_THAT(decoded.commands, SizeIs(1));
  EXPECT_EQ(decoded.commands[0].kind, Kind::kSend);
}

TEST(JsonCodec, StopsWhenItIsToldTo) {
  int calls = 0;
  const Status status = JsonCodec().Decode(
      "{}\n{}\n{bad", [&](Command&&) { return ++calls < 2; });

  EXPECT_TRUE(status.ok());
  EXPECT_EQ(calls, 2);
}

TEST(JsonCodec, NestsOnlySoDeep) {
  const auto publish = [](size_t depth) {
    return "{\"publish\":{\"data\":" + std::string(depth, '[') +
           std::string(depth, ']') + "}}";
  };
  EXPECT_TRUE(Decode(publish(kMaxJsonDepth - 2)).ok);
  EXPECT_FALSE(Decode(publish(kMaxJsonDepth - 1)).ok);
  EXPECT_FALSE(Decode(publish(30'000)).ok);
}

// --- Which command ----------------------------------------------------------

TEST(JsonCodec, KnowsEveryBody) {
  EXPECT_EQ(One(R"({"id":1,"connect":{}})").kind, Kind::kConnect);
  EXPECT_EQ(One(R"({"id":1,"subscribe":{}})").kind, Kind::kSubscribe);
  EXPECT_EQ(One(R"({"id":1,"unsubscribe":{}})").kind, Kind::kUnsubscribe);
  EXPECT_EQ(One(R"({"id":1,"publish":{}})").kind, Kind::kPublish);
  EXPECT_EQ(One(R"({"id":1,"presence":{}})").kind, Kind::kPresence);
  EXPECT_EQ(One(R"({"id":1,"presence_stats":{}})").kind, Kind::kPresenceStats);
  EXPECT_EQ(One(R"({"id":1,"history":{}})").kind, Kind::kHistory);
  EXPECT_EQ(One(R"({"id":1,"rpc":{}})").kind, Kind::kRpc);
  EXPECT_EQ(One(R"({"id":1,"send":{}})").kind, Kind::kSend);
  EXPECT_EQ(One(R"({"id":1,"refresh":{}})").kind, Kind::kRefresh);
  EXPECT_EQ(One(R"({"id":1,"sub_refresh":{}})").kind, Kind::kSubRefresh);
}

TEST(JsonCodec, WithoutABodyItIsAPongOrUnknown) {
  EXPECT_EQ(One("{}").kind, Kind::kPong);
  EXPECT_EQ(One(R"({"id":0,"other":1})").kind, Kind::kPong);
  EXPECT_EQ(One(R"({"id":2})").kind, Kind::kUnknown);
  EXPECT_EQ(One(R"({"id":2,"ping":{}})").kind, Kind::kUnknown);
  EXPECT_EQ(One(R"({"id":2,"connect":null})").kind, Kind::kUnknown);
}

TEST(JsonCodec, OfSeveralBodiesTheSchemasFirstDecides) {
  const Command command =
      One(R"({"presence":{"channel":"p"},"unsubscribe":{"channel":"u"},)"
          R"("history":{"channel":"h"},"id":3})");

  EXPECT_EQ(command.kind, Kind::kUnsubscribe);
  EXPECT_EQ(command.channel, "u");
  EXPECT_EQ(command.id, 3u);
}

TEST(JsonCodec, OfRepeatedFieldsTheLastDecides) {
  const Command command =
      One(R"({"id":1,"subscribe":{"channel":"a","channel":"b"},"id":2})");

  EXPECT_EQ(command.id, 2u);
  EXPECT_EQ(command.subscribe.channel, "b");
}

TEST(JsonCodec, KeysMayBeEscaped) {
  EXPECT_EQ(One(R"({"\u0069d":7,"s\u0065nd":{}})").kind, Kind::kSend);
}

// --- Bodies -----------------------------------------------------------------

TEST(JsonCodec, DecodesAllOfConnect) {
  const Command command =
      One(R"({"id":1,"connect":{"token":"t","data":{"a":[1, 2]},"name":"js",)"
          R"("version":"5.7","flag":1,"headers":{"X":"y"},"dict":"ignored",)"
          R"("subs":{"a:1":{"recover":true,"offset":9007199254740993,)"
          R"("epoch":"xy"},"b":null}}})");

  const ConnectRequest& connect = command.connect;
  EXPECT_EQ(connect.token, "t");
  EXPECT_EQ(connect.data, R"({"a":[1, 2]})");
  EXPECT_EQ(connect.name, "js");
  EXPECT_EQ(connect.version, "5.7");
  EXPECT_EQ(connect.flag, 1);
  EXPECT_EQ(connect.headers.at("X"), "y");
  ASSERT_THAT(connect.subs, SizeIs(2));
  EXPECT_TRUE(connect.subs.at("a:1").recover);
  EXPECT_EQ(connect.subs.at("a:1").offset, 9007199254740993u);
  EXPECT_EQ(connect.subs.at("a:1").epoch, "xy");
  EXPECT_FALSE(connect.subs.at("b").recover);
}

TEST(JsonCodec, DecodesAllOfSubscribe) {
  const Command command = One(
      R"({"id":2,"subscribe":{"channel":"n:\u00e9","token":"t","recover":true,)"
      R"("epoch":"e","offset":18446744073709551615,"data":"d",)"
      R"("positioned":true,"recoverable":true,"join_leave":true,)"
      R"("delta":"fossil","flag":2,"type":1,"tf":{"key":"k","cmp":"ex"}}})");

  const SubscribeRequest& subscribe = command.subscribe;
  EXPECT_EQ(subscribe.channel, "n:\xc3\xa9");
  EXPECT_EQ(subscribe.token, "t");
  EXPECT_TRUE(subscribe.recover);
  EXPECT_EQ(subscribe.epoch, "e");
  EXPECT_EQ(subscribe.offset, UINT64_MAX);
  EXPECT_EQ(subscribe.data, "\"d\"");
  EXPECT_TRUE(subscribe.positioned);
  EXPECT_TRUE(subscribe.recoverable);
  EXPECT_TRUE(subscribe.join_leave);
  EXPECT_EQ(subscribe.delta, "fossil");
  EXPECT_EQ(subscribe.flag, 2);
  EXPECT_EQ(subscribe.type, 1);
  EXPECT_TRUE(subscribe.tags_filter.has_value());
}

TEST(JsonCodec, DecodesTheOtherBodies) {
  EXPECT_EQ(One(R"({"id":1,"unsubscribe":{"channel":"c"}})").channel, "c");
  EXPECT_EQ(One(R"({"id":1,"presence":{"channel":"c"}})").channel, "c");
  EXPECT_EQ(One(R"({"id":1,"refresh":{"token":"t"}})").token, "t");
  const Command sub_refresh =
      One(R"({"id":1,"sub_refresh":{"channel":"c","token":"t","track":[]}})");
  EXPECT_EQ(sub_refresh.channel, "c");
  EXPECT_EQ(sub_refresh.token, "t");
  EXPECT_EQ(One(R"({"send":{"data":[ 1 ]}})").data, "[ 1 ]");
  const Command rpc = One(R"({"id":8,"rpc":{"data":{},"method":"m"}})");
  EXPECT_EQ(rpc.rpc.method, "m");
  EXPECT_EQ(rpc.rpc.data, "{}");
}

TEST(JsonCodec, DecodesHistory) {
  const Command plain = One(R"({"id":6,"history":{"channel":"rr:1"}})");
  EXPECT_EQ(plain.history.channel, "rr:1");
  EXPECT_EQ(plain.history.limit, 0);
  EXPECT_FALSE(plain.history.has_since);

  const Command since =
      One(R"({"id":11,"history":{"channel":"rr:1","limit":-10,"reverse":true,)"
          R"("since":{"offset":1,"epoch":"bad"}}})");
  EXPECT_EQ(since.history.limit, -10);
  EXPECT_TRUE(since.history.reverse);
  EXPECT_TRUE(since.history.has_since);
  EXPECT_EQ(since.history.since_offset, 1u);
  EXPECT_EQ(since.history.since_epoch, "bad");
}

TEST(JsonCodec, AnnouncedDataStaysTheTextItWas) {
  const auto data = [](std::string_view json) {
    const Command command =
        One("{\"id\":3,\"publish\":{\"channel\":\"c\",\"data\":" +
            std::string(json) + "}}");
    EXPECT_TRUE(command.publish.has_data);
    return command.publish.data;
  };
  for (const char* json :
       {"{\"b\":1,\"a\":2,\"b\":3}", "123456789012345678901234567890", "1e400",
        "-0.0", "1.10", "\"\\u00e9\\ud83d\\/\"", "[1,  2]", "true", "null",
        "{}", "[]", "\"\"", "0"}) {
    EXPECT_EQ(data(json), json);
  }
  EXPECT_EQ(data(" \t{\"a\" : 1}\r "), "{\"a\" : 1}");
  EXPECT_EQ(data("[1,\r2]"), "[1,2]");
}

TEST(JsonCodec, TellsMissingDataFromNull) {
  EXPECT_FALSE(One(R"({"id":3,"publish":{"channel":"c"}})").publish.has_data);
  EXPECT_TRUE(One(R"({"id":3,"publish":{"data":null}})").publish.has_data);
}

TEST(JsonCodec, NullIsAsGoodAsAbsent) {
  const Command command = One(
      R"({"id":null,"subscribe":{"channel":null,"offset":null,"recover":null,)"
      R"("data":null,"tf":null}})");

  EXPECT_EQ(command.kind, Kind::kSubscribe);
  EXPECT_EQ(command.id, 0u);
  EXPECT_EQ(command.subscribe.channel, "");
  EXPECT_EQ(command.subscribe.data, "");
  EXPECT_FALSE(command.subscribe.tags_filter.has_value());
}

TEST(JsonCodec, RefusesWrongTypes) {
  for (const char* message :
       {R"({"id":"1"})",
        R"({"id":-1})",
        R"({"id":1.5})",
        R"({"id":4294967296})",
        R"({"id":true})",
        R"({"id":{}})",
        R"({"id":1,"connect":[]})",
        R"({"id":1,"connect":"x"})",
        R"({"id":1,"connect":{"token":1}})",
        R"({"id":1,"connect":{"subs":[]}})",
        R"({"id":1,"connect":{"subs":{"a":1}}})",
        R"({"id":1,"connect":{"headers":{"a":1}}})",
        R"({"id":1,"subscribe":{"channel":{}}})",
        R"({"id":1,"subscribe":{"offset":-1}})",
        R"({"id":1,"subscribe":{"offset":"1"}})",
        R"({"id":1,"subscribe":{"recover":1}})",
        R"({"id":1,"subscribe":{"recover":"true"}})",
        R"({"id":1,"subscribe":{"type":2147483648}})",
        R"({"id":1,"subscribe":{"tf":"x"}})",
        R"({"id":1,"history":{"limit":2.5}})",
        R"({"id":1,"history":{"since":1}})",
        R"({"id":1,"subscribe":{"channel":"\ud83d"}})",
        R"({"id":1,"unsubscribe":{"channel":"a"},"presence":1})"}) {
    EXPECT_FALSE(Decode(message).ok) << message;
  }
}

TEST(JsonCodec, DecodesAMessageAboveTheMemoryItKeeps) {
  const std::string data = '"' + std::string(1 << 20, 'x') + '"';
  for (int round = 0; round < 2; ++round) {
    const Command command =
        One("{\"id\":1,\"publish\":{\"data\":" + data + "}}");
    EXPECT_TRUE(command.publish.data == data);
    EXPECT_EQ(One("{\"id\":2}").id, 2u);
  }
}

// --- Replies ----------------------------------------------------------------

// What one of the codec's encoders appends.
template <typename Method, typename... Args>
std::string Encoded(Method method, const Args&... args) {
  std::string out;
  (JsonCodec().*method)(args..., &out);
  return out;
}

using Codec = ClientProtocolCodec;

TEST(JsonCodec, EncodesConnect) {
  ConnectResult result;
  result.client = "C1";
  result.version = "0.0.0 OSS";
  result.ping_seconds = 3;
  result.pong = true;
  EXPECT_EQ(
      Encoded(&Codec::AppendConnect, 1u, result),
      R"({"id":1,"connect":{"client":"C1","version":"0.0.0 OSS","ping":3,"pong":true}})");

  result.expires = true;
  result.ttl = 60;
  result.data = "{\"a\":\n1}";
  result.subs["n:\"1\""] = {};
  result.session = "S1";
  result.node = "N1";
  EXPECT_EQ(Encoded(&Codec::AppendConnect, 1u, result),
            R"({"id":1,"connect":{"client":"C1","version":"0.0.0 OSS",)"
            R"("expires":true,"ttl":60,"data":{"a":1},"subs":{"n:\"1\"":{}},)"
            R"("ping":3,"pong":true,"session":"S1","node":"N1"}})");
}

TEST(JsonCodec, EncodesSubscribe) {
  SubscribeResult result;
  EXPECT_EQ(Encoded(&Codec::AppendSubscribe, 2u, result),
            R"({"id":2,"subscribe":{}})");

  result.recoverable = true;
  result.epoch = "XKZHhZPm";
  result.positioned = true;
  EXPECT_EQ(
      Encoded(&Codec::AppendSubscribe, 2u, result),
      R"({"id":2,"subscribe":{"recoverable":true,"epoch":"XKZHhZPm","positioned":true}})");

  SubscribeResult delta = result;
  delta.delta = true;
  EXPECT_EQ(
      Encoded(&Codec::AppendSubscribe, 2u, delta),
      R"({"id":2,"subscribe":{"recoverable":true,"epoch":"XKZHhZPm","positioned":true,"delta":true}})");

  result.offset = 3;
  result.was_recovering = true;
  EXPECT_EQ(
      Encoded(&Codec::AppendSubscribe, 6u, result),
      R"({"id":6,"subscribe":{"recoverable":true,"epoch":"XKZHhZPm","offset":3,"positioned":true,"was_recovering":true}})");
}

TEST(JsonCodec, EncodesARecoveredSubscribe) {
  SubscribeResult result;
  result.recoverable = true;
  result.epoch = "XKZHhZPm";
  for (uint64_t offset : {2, 3}) {
    Publication publication;
    publication.data = "\"str\"";
    publication.offset = offset;
    EncodedPush::Routing routing;
    routing.key = "c";
    result.publications.push_back(
        {std::make_shared<const EncodedPush>(routing, publication),
         PushForm::kJson});
  }
  result.recovered = true;
  result.offset = 1;
  result.positioned = true;
  result.was_recovering = true;

  EXPECT_EQ(
      Encoded(&Codec::AppendSubscribe, 2u, result),
      R"({"id":2,"subscribe":{"recoverable":true,"epoch":"XKZHhZPm",)"
      R"("publications":[{"data":"str","offset":2},{"data":"str","offset":3}],)"
      R"("recovered":true,"offset":1,"positioned":true,"was_recovering":true}})");
}

TEST(JsonCodec, EncodesPublicationPushes) {
  Publication publication;
  publication.data = R"({"a":1})";
  EXPECT_EQ(Encoded(&Codec::AppendPublicationPush, "test", publication),
            R"({"push":{"channel":"test","pub":{"data":{"a":1}}}})");

  publication.info.emplace().client = "C1";
  EXPECT_EQ(
      Encoded(&Codec::AppendPublicationPush, "test", publication),
      R"({"push":{"channel":"test","pub":{"data":{"a":1},"info":{"user":"","client":"C1"}}}})");

  Publication first;
  first.data = R"({"n":1})";
  first.offset = 1;
  first.tags["t"] = "x";
  first.epoch = "XKZHhZPm";
  EXPECT_EQ(
      Encoded(&Codec::AppendPublicationPush, "rr:1", first),
      R"({"push":{"channel":"rr:1","pub":{"data":{"n":1},"offset":1,"tags":{"t":"x"},"epoch":"XKZHhZPm"}}})");

  Publication delta;
  delta.data = R"("3P\n3N@0,2:2}28OdHZ;")";
  delta.offset = 2;
  delta.delta = true;
  EXPECT_EQ(
      Encoded(&Codec::AppendPublicationPush, "dd:1", delta),
      R"({"push":{"channel":"dd:1","pub":{"data":"3P\n3N@0,2:2}28OdHZ;","offset":2,"delta":true}}})");
}

TEST(JsonCodec, EncodesWhoPublished) {
  Publication publication;
  publication.data = "1";
  publication.info = ClientInfo{.user = "7",
                                .client = "C1",
                                .conn_info = "{\"name\":\n\"editor\"}",
                                .chan_info = "[]"};
  EXPECT_EQ(
      Encoded(&Codec::AppendPublicationPush, "c", publication),
      R"({"push":{"channel":"c","pub":{"data":1,"info":{"user":"7","client":"C1","conn_info":{"name":"editor"},"chan_info":[]}}}})");
}

TEST(JsonCodec, AReplyNeverHoldsALineFeed) {
  Publication publication;
  publication.data = "{\r\n  \"a\": 1\n}";
  publication.tags["a\nb"] = "c\nd";

  const std::string push =
      Encoded(&Codec::AppendPublicationPush, "x\ny", publication);

  EXPECT_EQ(push.find('\n'), std::string::npos);
  EXPECT_EQ(push.find('\r'), std::string::npos);
  EXPECT_TRUE(IsJson(push));
}

TEST(JsonCodec, EncodesErrors) {
  EXPECT_EQ(
      Encoded(&Codec::AppendError, 11u, kErrorUnrecoverablePosition),
      R"({"id":11,"error":{"code":112,"message":"unrecoverable position"}})");
  EXPECT_EQ(
      Encoded(&Codec::AppendError, 1u, kErrorTooManyRequests),
      R"({"id":1,"error":{"code":111,"message":"too many requests","temporary":true}})");
}

TEST(JsonCodec, EncodesEmptyResultsWithTheirBody) {
  EXPECT_EQ(Encoded(&Codec::AppendEmpty, 3u, Kind::kPublish),
            R"({"id":3,"publish":{}})");
  EXPECT_EQ(Encoded(&Codec::AppendEmpty, 4u, Kind::kUnsubscribe),
            R"({"id":4,"unsubscribe":{}})");
  EXPECT_EQ(Encoded(&Codec::AppendEmpty, 5u, Kind::kRefresh),
            R"({"id":5,"refresh":{}})");
}

TEST(JsonCodec, EncodesPingsAndTheOtherPushes) {
  EXPECT_EQ(Encoded(&Codec::AppendPing), "{}");
  EXPECT_EQ(
      Encoded(&Codec::AppendUnsubscribePush, "c", 2000u, "server unsubscribe"),
      R"({"push":{"channel":"c","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}})");
  EXPECT_EQ(Encoded(&Codec::AppendDisconnectPush, 4000u, "bye"),
            R"({"push":{"disconnect":{"code":4000,"reason":"bye"}}})");
}

TEST(JsonCodec, EncodesPresenceAndHistoryWithAllThatIsAlwaysThere) {
  EXPECT_EQ(Encoded(&Codec::AppendPresence, 1u, PresenceResult()),
            R"({"id":1,"presence":{"presence":{}}})");
  PresenceResult one;
  one["C1"].client = "C1";
  EXPECT_EQ(
      Encoded(&Codec::AppendPresence, 1u, one),
      R"({"id":1,"presence":{"presence":{"C1":{"user":"","client":"C1"}}}})");
  EXPECT_EQ(Encoded(&Codec::AppendPresenceStats, 2u, PresenceStats()),
            R"({"id":2,"presence_stats":{"num_clients":0,"num_users":0}})");
  HistoryResult history;
  history.epoch = "e";
  EXPECT_EQ(Encoded(&Codec::AppendHistory, 3u, history),
            R"({"id":3,"history":{"publications":[],"epoch":"e","offset":0}})");
}

TEST(JsonCodec, DecodesATagsFilter) {
  const Command command = One(
      R"({"id":1,"subscribe":{"channel":"c","tf":{"op":"and","nodes":[)"
      R"({"key":"a","cmp":"in","vals":["1","2"]},{"key":"b","cmp":"ex"}]}}})");
  const FilterNode& filter = *command.subscribe.tags_filter;
  EXPECT_EQ(filter.op, "and");
  ASSERT_EQ(filter.nodes.size(), 2u);
  EXPECT_EQ(filter.nodes[0].vals, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(filter.nodes[1].cmp, "ex");
}

TEST(UniJsonCodec, SpeaksInBarePushes) {
  Publication publication;
  publication.data = "1";
  std::string push;
  UniJsonCodec().AppendPublicationPush("c", publication, &push);
  EXPECT_EQ(push, R"({"channel":"c","pub":{"data":1}})");
  std::string connect;
  ConnectResult result;
  result.client = "C1";
  result.ping_seconds = 3;
  result.pong = true;
  UniJsonCodec().AppendConnect(1, result, &connect);
  EXPECT_EQ(connect, R"({"connect":{"client":"C1","ping":3}})");
}

TEST(UniJsonCodec, TakesAConnectRequestOrNothing) {
  for (const char* message : {"", "{}", R"({"token":"t"})"}) {
    Command seen;
    ASSERT_TRUE(UniJsonCodec()
                    .Decode(message,
                            [&](Command&& command) {
                              seen = std::move(command);
                              return true;
                            })
                    .ok())
        << message;
    EXPECT_EQ(seen.kind, Kind::kConnect);
    EXPECT_EQ(seen.id, 1u);
  }
  EXPECT_FALSE(
      UniJsonCodec().Decode("[]", [](Command&&) { return true; }).ok());
}

}  // namespace
}  // namespace rt

// Checks that callers give: patterns, schemas and values; and that none of them can hang the
// server.

#include "modes/verification.h"

#include <gtest/gtest.h>

#include "modes/answer_extraction.h"
#include "modes/json_schema.h"

namespace melete::modes {
namespace {

chat::Request with_check(chat::Verifier verifier) {
  chat::Request request;
  request.verifier = std::move(verifier);
  return request;
}

bool passes(const chat::Verifier& verifier, const std::string& text,
            AnswerKind kind = AnswerKind::Any) {
  const auto check = Verification::make(with_check(verifier));
  EXPECT_TRUE(check.has_value());
  return check && check->passes(text, extract_answer(text, kind));
}

std::string refused(const chat::Verifier& verifier) {
  const auto check = Verification::make(with_check(verifier));
  EXPECT_FALSE(check.has_value());
  return check ? "" : check.error().parameter;
}

TEST(Verification, APatternMatchesAnywhere) {
  EXPECT_TRUE(passes(chat::MatchesPattern{"[0-9]+ apples"}, "I see 12 apples here."));
  EXPECT_FALSE(passes(chat::MatchesPattern{"^[0-9]+$"}, "I see 12 apples here."));
  EXPECT_TRUE(passes(chat::MatchesPattern{"one|two"}, "It is\ntwo."));
}

TEST(Verification, APatternThatWouldBacktrackForEverTakesNoTime) {
  const std::string text(60'000, 'a');
  EXPECT_FALSE(passes(chat::MatchesPattern{"(a+)+$b"}, text));
  EXPECT_TRUE(passes(chat::MatchesPattern{"(a|b|ab)*$"}, text));
  EXPECT_FALSE(passes(chat::MatchesPattern{"((a?){8}){8}b"}, text));
}

TEST(Verification, WhatIsNoPatternIsRefused) {
  for (const std::string pattern : {"(", "[z-a]", "(a)\\1", "a)|(b", "((a{9}){9}){9}", "a{1,99}",
                                    "(?=a)b", "\\\\(?!a)b", "(?=[^]*(?=[^]*(?=[^]*~)))"}) {
    EXPECT_EQ(refused(chat::MatchesPattern{pattern}), "verify") << pattern;
  }
  EXPECT_EQ(refused(chat::MatchesPattern{std::string(257, 'a')}), "verify");
}

TEST(Verification, AnEscapedBracketIsNoLookahead) {
  EXPECT_TRUE(passes(chat::MatchesPattern{"\\(?=a"}, "x =a"));
  EXPECT_TRUE(passes(chat::MatchesPattern{"[(?=]+a"}, "x =a"));
}

TEST(Verification, AValueIsComparedAsANumberWhereItIsOne) {
  const chat::EqualsValue exact{.value = "1,024"};
  EXPECT_TRUE(passes(exact, "The answer is 1024.0"));
  EXPECT_FALSE(passes(exact, "The answer is 1023"));
  EXPECT_FALSE(passes(exact, "I do not know"));
  EXPECT_TRUE(passes(exact, "Two to the tenth power is 1,024.")) << "nothing marks it";
  EXPECT_FALSE(passes(exact, "Two to the tenth power is 1,023."));
  const chat::EqualsValue close{.value = "3.14159", .tolerance = 0.01};
  EXPECT_TRUE(passes(close, "Answer: 3.14"));
  EXPECT_FALSE(passes(close, "Answer: 3.1"));
  EXPECT_TRUE(passes(chat::EqualsValue{.value = "Paris"}, "The answer is paris."));
  EXPECT_EQ(refused(chat::EqualsValue{.value = "1", .tolerance = -1}), "verify");
}

TEST(Verification, AnAnswerFitsASchema) {
  const Json schema = Json::parse(R"({"type": "object", "required": ["x"],
                                      "properties": {"x": {"type": "integer"}}})");
  const chat::FitsSchema fits{.schema = schema};
  EXPECT_TRUE(passes(fits, R"({"x": 3})"));
  EXPECT_TRUE(passes(fits, "Here it is:\n```json\n{\"x\": 3}\n```"));
  EXPECT_FALSE(passes(fits, R"({"x": "3"})"));
  EXPECT_FALSE(passes(fits, "x is 3"));
  EXPECT_EQ(refused(chat::FitsSchema{}), "verify") << "there is none";
  chat::Request request = with_check(chat::FitsSchema{});
  request.schema = chat::Schema{.schema = schema};
  EXPECT_TRUE(Verification::make(request)->passes(R"({"x": 3})", std::nullopt));
}

struct SchemaCase {
  const char* schema;
  const char* fits;
  const char* does_not;
};

TEST(JsonSchema, UnderstandsTheseKeywords) {
  const SchemaCase cases[] = {
      {R"({"type": "number"})", "1.5", "\"1.5\""},
      {R"({"type": "integer"})", "2.0", "2.5"},
      {R"({"type": ["string", "null"]})", "null", "0"},
      {R"({"enum": ["a", {"x": 1, "y": 2}]})", R"({"y": 2, "x": 1})", "\"b\""},
      {R"({"const": 3})", "3", "4"},
      {R"({"minimum": 2, "exclusiveMaximum": 5})", "2", "5"},
      {R"({"multipleOf": 0.1})", "0.3", "0.35"},
      {R"({"multipleOf": 0.01})", "1234567.89", "1234567.895"},
      {R"({"minLength": 2, "maxLength": 3})", "\"\u00e4\u00e4\u00e4\"", "\"a\""},
      {R"({"items": {"type": "number"}})", "[1, 2]", "[1, \"2\"]"},
      {R"({"prefixItems": [{"type": "string"}], "items": false})", "[\"a\"]", "[\"a\", 1]"},
      {R"({"minItems": 1, "maxItems": 2})", "[0]", "[]"},
      {R"({"uniqueItems": true})", "[1, 2]", "[1, 2, 1]"},
      {R"({"required": ["a"]})", R"({"a": null})", R"({"b": 1})"},
      {R"({"properties": {"a": {"type": "null"}}})", R"({"b": 1})", R"({"a": 1})"},
      {R"({"properties": {"a": {}}, "additionalProperties": false})", R"({"a": 1})",
       R"({"a": 1, "b": 2})"},
      {R"({"anyOf": [{"type": "string"}, {"minimum": 5}]})", "7", "3"},
      {R"({"oneOf": [{"type": "number"}, {"minimum": 5}]})", "3", "7"},
      {R"({"allOf": [{"type": "number"}, {"minimum": 5}]})", "7", "3"},
      {R"({"not": {"type": "string"}})", "1", "\"a\""},
      {R"({"$defs": {"n": {"type": "null"}}, "items": {"$ref": "#/$defs/n"}})", "[null]", "[1]"},
      {R"({"type": "array", "items": {"$ref": "#"}})", "[[], [[]]]", "[[1]]"},
  };
  for (const SchemaCase& each : cases) {
    const Json schema = Json::parse(each.schema);
    EXPECT_TRUE(fits_schema(Json::parse(each.fits), schema)) << each.schema;
    EXPECT_FALSE(fits_schema(Json::parse(each.does_not), schema)) << each.schema;
  }
}

TEST(JsonSchema, GivesUpWhereACheckWouldTakeLong) {
  Json numbers = Json::array();
  for (int i = 0; i < 100'000; ++i) numbers.push_back(i);
  Json schema{{"$defs", {{"few", {{"enum", numbers}}}}}, {"anyOf", Json::array()}};
  for (int i = 0; i < 20'000; ++i) schema["anyOf"].push_back({{"$ref", "#/$defs/few"}});
  EXPECT_FALSE(fits_schema(-1, schema));
  EXPECT_FALSE(fits_schema(numbers, Json{{"uniqueItems", true}}));
}

TEST(JsonSchema, WhatWasGivenUpDoesNotFitItsContraryEither) {
  EXPECT_FALSE(fits_schema(
      1, Json::parse(R"({"$defs": {"a": {"$ref": "#/$defs/a"}}, "not": {"$ref": "#/$defs/a"}})")));
}

TEST(JsonSchema, EndsOnSchemasThatReferToThemselves) {
  EXPECT_FALSE(fits_schema(1, Json::parse(R"({"$ref": "#"})")));
  EXPECT_FALSE(fits_schema(1, Json::parse(R"({"allOf": [{"$ref": "#"}, {"$ref": "#"}]})")));
  EXPECT_TRUE(fits_schema(1, Json::parse(R"({"$ref": "elsewhere", "nonsense": []})")));
}

}  // namespace
}  // namespace melete::modes

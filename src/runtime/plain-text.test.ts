import fc from "fast-check"
import { expect, test } from "vitest"
import { plainText } from "./plain-text.ts"

test.each([
  ["colour", "\u001b[31mred\u001b[0m", "red"],
  ["24-bit colour with colons", "\u001b[38:2:255:0:0mred", "red"],
  ["cursor moves and erasing", "ok\u001b[2K\u001b[1A\u001b[2J\u001b[Hfake", "okfake"],
  ["private modes", "\u001b[?1049h\u001b[?25lx\u001b[>4;2m", "x"],
  ["clipboard by OSC 52", "a\u001b]52;c;cm0gLXJmIC8=\u0007b", "ab"],
  ["clipboard closed by ST", "a\u001b]52;c;cm0gLXJmIC8=\u001b\\b", "ab"],
  ["link by OSC 8", "\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\", "click"],
  ["window title", "\u001b]0;root@prod\u0007x", "x"],
  ["8-bit CSI and OSC", "\u009b31mred\u009d52;c;eA==\u009cend", "redend"],
  ["DCS, APC, PM, SOS", "\u001bP1$qm\u001b\\a\u001b_x\u001b\\b\u001b^y\u001b\\c\u001bXz\u001b\\d\u0090q\u009ce", "abcde"],
  ["reset and character sets", "\u001bc\u001b(0x\u001b7\u001b8", "x"],
  ["a lone ESC at the end", "x\u001b", "x"],
  ["a CSI without end", "x\u001b[31", "x"],
  ["bell, backspace, NUL, DEL", "a\u0007\b\0\u007fb", "ab"],
  ["bidi override", "access\u202etxt.exe\u202c \u2066x\u2069", "accesstxt.exe x"],
  ["zero width and tag characters", "a\u200bb\u{e0041}c\ufeff", "abc"],
  ["sequences inside of each other", "\u001b\u001b[31m[32mx", "[32mx"],
])("%s", (_, hostile, plain) => expect(plainText(hostile)).toBe(plain))

test("an OSC that is never closed ends with its line and swallows no more", () => {
  expect(plainText("a\u001b]0;title\nerror: it failed\n")).toBe("a\nerror: it failed\n")
})

test("a carriage return cannot overwrite what stood there", () => {
  expect(plainText("rm -rf /\recho hello\r\nnext")).toBe("rm -rf /\necho hello\nnext")
  expect(plainText("10%\r20%\r\r\n", { oneLine: true })).toBe("10% 20%")
})

test("newlines, tabs, emoji and other scripts stay", () => {
  const text = "a\n\tb 👩‍🚀 日本 می‌خواهم é"
  expect(plainText(text)).toBe(text)
  expect(plainText("  a\n\n\tb  ", { oneLine: true })).toBe("a b")
})

test("long text is cut, never through a character", () => {
  expect(plainText("abcdef", { maxChars: 4 })).toBe("abc…")
  expect(plainText("ab😀def", { maxChars: 4 })).toBe("ab…")
  expect(plainText("abcd", { maxChars: 4 })).toBe("abcd")
  expect(plainText("x".repeat(3_000_000)).length).toBe(1_000_000)
})

test("nothing that a terminal obeys is left, and plain text is left alone", () => {
  const piece = fc.oneof(
    fc.constantFrom("\u001b", "[", "]", "\u009b", "\u009d", "52;c;", "\u0007", "\\", "\r", "\n", "P", "31m", "\u202e"),
    fc.string({ unit: "binary" }),
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
      (hostile) => {
        const plain = plainText(hostile)
        // oxlint-disable-next-line no-control-regex
        expect(plain).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
        expect(plainText(plain)).toBe(plain)
        expect(plainText(hostile, { oneLine: true, maxChars: 20 })).toMatch(/^[^\n\t]{0,20}$/)
      },
    ),
    { numRuns: 500 },
  )
})

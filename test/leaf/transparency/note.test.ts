import { describe, expect, it } from "vitest";
import { concat, toBase64, utf8 } from "../../../protocol/encoding.ts";
import {
  importNoteSigner,
  NOTE_LIMITS,
  NoteKeyError,
  openCheckpoint,
  openNote,
  parseCheckpoint,
  parseVkey,
  signCheckpoint,
  signNote,
} from "../../../transparency/index.ts";
import { newSigner } from "./support.ts";

// the specification's own example
const VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE =
  "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

describe("signed notes", () => {
  it("open with the key of the specification's example", async () => {
    expect(await openNote(utf8(NOTE), await parseVkey(VKEY))).toEqual({
      ok: true,
      text: "This is an example message.\n",
    });
  });

  it("do not open when any one byte of them is changed", async () => {
    const verifier = await parseVkey(VKEY);
    const bytes = utf8(NOTE);
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [1, 0x20, 0x80]) {
        const tampered = bytes.slice();
        tampered[at] = (tampered[at] as number) ^ change;
        const opened = await openNote(tampered, verifier);
        expect(opened.ok, `byte ${at} ^ ${change}`).toBe(false);
      }
    }
  });

  it("do not open when cut short or prolonged", async () => {
    const verifier = await parseVkey(VKEY);
    const bytes = utf8(NOTE);
    for (let at = 0; at < bytes.length; at++) expect((await openNote(bytes.slice(0, at), verifier)).ok).toBe(false);
    for (const tail of ["\n", "x", "\n\n", "— example.com/foo AAAA\n"])
      expect((await openNote(concat(bytes, utf8(tail)), verifier)).ok).toBe(false);
  });

  it("are refused when one line of the known key is good and another is not", async () => {
    const signer = await newSigner();
    const note = await signNote("text\n", signer);
    const forged = toBase64(concat(signer.keyId, new Uint8Array(64)));
    const opened = await openNote(utf8(`${note}— ${signer.name} ${forged}\n`), await parseVkey(signer.vkey));
    expect(opened).toEqual({ ok: false, fault: "bad_signature" });
  });

  it("open past the lines of unknown keys, also of one that shares the name or the id", async () => {
    const [signer, other] = [await newSigner(), await newSigner()];
    const note = await signNote("text\n", signer);
    const sameName = toBase64(concat(other.keyId, new Uint8Array(80)));
    const sameId = toBase64(concat(signer.keyId, new Uint8Array(64)));
    const whole = `${note}— ${signer.name} ${sameName}\n— other.example ${sameId}\n`;
    expect((await openNote(utf8(whole), await parseVkey(signer.vkey))).ok).toBe(true);
    expect(await openNote(utf8(note), await parseVkey(other.vkey))).toEqual({ ok: false, fault: "unknown_key" });
  });

  it("have a bound on their size and on their lines, and 16 signatures are within it", async () => {
    const signer = await newSigner();
    const verifier = await parseVkey(signer.vkey);
    const note = await signNote("text\n", signer);
    const lines = (count: number): string =>
      Array.from({ length: count }, (_, at) => `— w${at}.example AAAAAAA=\n`).join("");
    expect((await openNote(utf8(note + lines(15)), verifier)).ok).toBe(true);
    expect((await openNote(utf8(note + lines(NOTE_LIMITS.maxSignatures - 1)), verifier)).ok).toBe(true);
    expect((await openNote(utf8(note + lines(NOTE_LIMITS.maxSignatures)), verifier)).ok).toBe(false);
    const limits = { ...NOTE_LIMITS, maxBytes: utf8(note).length };
    expect((await openNote(utf8(note), verifier, limits)).ok).toBe(true);
    expect(await openNote(utf8(note), verifier, { ...limits, maxBytes: limits.maxBytes - 1 })).toEqual({
      ok: false,
      fault: "too_large",
    });
  });

  it("are not made over a text with control characters or without a last newline", async () => {
    const signer = await newSigner();
    for (const text of ["a\tb\n", "a\r\n", "a", "\ud800\n"])
      await expect(signNote(text, signer)).rejects.toThrow(RangeError);
  });
});

describe("verifier keys", () => {
  it.each([
    VKEY.replace("530d903a", "530d903b"),
    VKEY.replace("530d903a", "530D903A"),
    VKEY.replace("example.com/foo", "example.com/fop"),
    VKEY.replace("AekyeRrm", "AukyeRrm"),
    VKEY.slice(0, -1),
    `${VKEY}=`,
    ` ${VKEY}`,
    "",
    "a+b",
  ])("%j is none", async (vkey) => {
    await expect(parseVkey(vkey)).rejects.toThrow(NoteKeyError);
  });

  it("of one key pair under two names do not accept each other's notes", async () => {
    const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
    const jwk = JSON.stringify(await crypto.subtle.exportKey("jwk", pair.privateKey));
    const [a, b] = [await importNoteSigner(jwk, "log.example/a"), await importNoteSigner(jwk, "log.example/b")];
    expect(a.keyId).not.toEqual(b.keyId);
    expect((await openNote(utf8(await signNote("t\n", a)), await parseVkey(b.vkey))).ok).toBe(false);
  });

  it("an error about a signing key does not quote it", async () => {
    const secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I";
    for (const text of [`{"d":"${secret}"`, `{"kty":"OKP","crv":"Ed25519","x":"AA","d":"${secret}"}`, secret]) {
      const error = await importNoteSigner(text, "log.example").catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NoteKeyError);
      expect(String(error)).not.toContain(secret);
    }
  });
});

describe("checkpoints", () => {
  const root = new Uint8Array(32).fill(7);

  it("are read back as they were signed", async () => {
    const signer = await newSigner("log.example/a");
    const opened = await openCheckpoint(await signCheckpoint({ size: 12, root }, signer), await parseVkey(signer.vkey));
    expect(opened).toEqual({ ok: true, checkpoint: { origin: "log.example/a", size: 12, root } });
  });

  it("of another origin under the same key are refused", async () => {
    const signer = await newSigner("log.example/a");
    const note = await signNote(`log.example/b\n1\n${toBase64(root)}\n`, signer);
    expect(await openCheckpoint(note, await parseVkey(signer.vkey))).toEqual({ ok: false, fault: "wrong_origin" });
  });

  it.each([
    ["leading zero", `o\n01\n${toBase64(root)}\n`],
    ["sign", `o\n+1\n${toBase64(root)}\n`],
    ["past 2^53", `o\n9007199254740993\n${toBase64(root)}\n`],
    ["short root", `o\n1\n${toBase64(root.slice(1))}\n`],
    ["unpadded root", `o\n1\n${toBase64(root).slice(0, -1)}\n`],
    ["empty origin", `\n1\n${toBase64(root)}\n`],
    ["empty extension line", `o\n1\n${toBase64(root)}\n\n`],
    ["no last newline", `o\n1\n${toBase64(root)}`],
    ["two lines", "o\n1\n"],
  ])("with a %s are none", (_, text) => {
    expect(parseCheckpoint(text)).toBeNull();
  });

  it("with extension lines are read, and the lines say nothing", () => {
    expect(parseCheckpoint(`o\n0\n${toBase64(root)}\nmore\n`)).toEqual({ origin: "o", size: 0, root });
  });
});

// Keys that their providers publish in samples and documentation, so that they are everybody's: only a list can tell them
// from others. Kept as CRC-32 sums, so that this file holds no key; whoever finds a collision makes a key of their own
// pass, no one else's. Known from gitleaks' configuration (MIT), which lists the keys of public Firebase and Maps samples, and of libraries'
// documentation.
import { crc32 } from "../checks/crc32.ts";

const SUMS = new Set([
  0x08394327, 0x091a9dc7, 0x1f358cbe, 0x202f468f, 0x3627aa84, 0x3c5d7fda, 0x5c298136, 0x6159ac90, 0x6a4f7820,
  0x6b66e8a8, 0x6b9463f8, 0x7aa120d5, 0x94bb94f9, 0xafe8ff3e, 0xfbc47221, 0xffddd189, 0x3c178f9b, 0x3c595871,
]);

export function isPublished(datum: string): boolean {
  return SUMS.has(crc32(datum));
}

// RSA moduli of the ROCA family (CVE-2017-15361): a chip's generator made primes of the form k·M + (65537^a mod M), M a
// product of small primes, so that every power of 65537 leaves its mark on the modulus and the key can be factored.
// A modulus is of the family when its residue modulo each of these primes lies in the group that 65537 generates there;
// a sound key passes for one with a chance of less than 2^-27.

const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
] as const;

const GROUPS: readonly (readonly [prime: bigint, residues: ReadonlySet<bigint>])[] = PRIMES.map((prime) => {
  const residues = new Set<bigint>();
  for (let power = 1; !residues.has(BigInt(power)); power = (power * 65_537) % prime) residues.add(BigInt(power));
  return [BigInt(prime), residues];
});

/** Whether the modulus carries the fingerprint of a generator whose keys can be factored. */
export function isRocaModulus(modulus: bigint): boolean {
  return GROUPS.every(([prime, residues]) => residues.has(modulus % prime));
}

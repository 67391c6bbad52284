/** Ends with a plain word where the runtime is too old, which otherwise shows as a crash of a native module. */
export function requireRuntime(): void {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major >= 22) return;
  process.stderr.write(
    `Tilldock needs Node 22 or newer and this is ${process.version}. Start it with "npm run …": that uses the Node ` +
      'which npm ci installed with the project.\n',
  );
  process.exit(1);
}

import { PERMISSIONS, type Permission } from '#shared/people/permission.ts';
import { ROLE_CODES, ROLES, type Role, type RoleCode } from '#shared/people/role.ts';
import { type ContractOperation, contractOperations } from './contract-operations.ts';

const HEAD = `# Access matrix

Who may call what, made by \`npm run openapi\` from the contract's routes and from the roles that every company begins with.
A test compares this page with both. Administrators change what the other roles of their company may do; the server checks
permissions, never names of roles.

- ✓: whoever has the role may call it, for what their scope shows them.
- **anyone**: no token is asked for. **terminal**: wants the token of an enrolled terminal, which no person has.`;

/** `docs/access-matrix.md`: role × scope, role × route, and role × permission. */
export function accessMatrix(): string {
  const areas = [...Map.groupBy(contractOperations(), (operation) => operation.tag)];
  return `${[
    HEAD,
    section('Scopes', ['may see', ...ROLE_CODES], scopeRows()),
    ...areas.map(([tag, operations]) =>
      section(tag, ['route', 'needs', ...ROLE_CODES], operations.map(routeRow)),
    ),
    section(
      'Permissions',
      ['permission', ...ROLE_CODES],
      PERMISSIONS.map((code) => [`\`${code}\``, ...cells((role) => holds(role, code))]),
    ),
  ].join('\n\n')}\n`;
}

function section(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cell: readonly string[]) => `| ${cell.join(' | ')} |`;
  return [`## ${title}`, '', line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

const scopeRows = (): string[][] =>
  (['company', 'locations', 'client'] as const).map((scope) => [
    { company: 'all of the company', locations: 'some locations', client: 'what belongs to one client' }[
      scope
    ],
    ...cells((role) => (ROLES[role] as Role).scopes.includes(scope)),
  ]);

function routeRow({ method, path, needs }: ContractOperation): string[] {
  const route = `\`${method} ${path}\``;
  switch (needs) {
    case 'nothing':
      return [route, '**anyone**', ...cells(() => true)];
    case 'terminal':
      return [route, '**terminal**', ...cells(() => false)];
    case 'signed in':
      return [route, 'to be signed in', ...cells(() => true)];
    default:
      return [route, `\`${needs}\``, ...cells((role) => holds(role, needs))];
  }
}

const holds = (role: RoleCode, code: Permission): boolean => (ROLES[role] as Role).permissions.includes(code);

const cells = (may: (role: RoleCode) => boolean): string[] =>
  ROLE_CODES.map((role) => (may(role) ? '✓' : ''));

import type { Host } from '../ports.ts';
import { type DoorOptions, openDoor } from './open.ts';
import type { ContractPort } from './socket-port.ts';

/**
 * Opens the door, and tells its address to the parent each time it asks: `{type: 'door', address}`, or
 * `{type: 'door-shut', problem}`. An address carries a token, so it goes to the parent alone and into no log.
 */
export const keepDoor = (
  options: DoorOptions,
  attachPort: (port: ContractPort) => void,
  host: Host,
): void => {
  const opening = openDoor(options, attachPort);
  opening.then(
    (door) => host.onGone(() => door.close()),
    (problem: unknown) => options.log.warn({ err: problem }, 'the door could not be opened'),
  );
  host.onDoorAsked(() =>
    opening.then(
      (door) => host.say({ type: 'door', address: door.newAddress() }),
      (problem: unknown) => host.say({ type: 'door-shut', problem: String(problem) }),
    ),
  );
};

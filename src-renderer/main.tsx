import './no-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Crashed } from './people/standstill.tsx';
import { connectShell, shell } from './shell-line.ts';
import { connectSocket } from './socket-line.ts';
import './style/base.css';
import './style/tokens.css';
import { followMachine } from './style/theme.ts';
import { loadChoices } from './sync/choices-store.ts';

followMachine();
loadChoices();
if (shell) connectShell(shell);
else connectSocket();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root');
const onUncaughtError = (error: unknown) => {
  console.error(error);
  const place = document.createElement('div');
  place.id = 'root';
  document.body.replaceChildren(place);
  // A root of its own, with nothing in it that could fail as well.
  createRoot(place).render(<Crashed />);
};
createRoot(root, { onUncaughtError }).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

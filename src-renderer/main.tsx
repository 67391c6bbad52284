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
  // React has taken the failed screen away by the time this runs; what stands here has no state to fail over.
  createRoot(root).render(<Crashed />);
};
createRoot(root, { onUncaughtError }).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

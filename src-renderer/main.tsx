import './no-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
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
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

import { ApolloProvider } from '@apollo/client/react';
import { StrictMode, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { useSession } from '../shared/session.ts';
import '../shared/style.css';
import { createClient } from './client.ts';
import { Home } from './home.tsx';
import { ForgotPassword, ResetPassword, SignIn, SignUp, VerifyEmail } from './pages.tsx';

// The token of a mail's link is read once and taken out of the address bar: there it would stay in the history.
const linkToken = new URLSearchParams(location.search).get('token');
history.replaceState(null, '', location.pathname);

function App() {
  const { token } = useSession();
  const client = useMemo(() => createClient(token), [token]);
  return (
    <StrictMode>
      <ApolloProvider client={client} key={token}>
        {pageAt(location.pathname, token)}
      </ApolloProvider>
    </StrictMode>
  );
}

/** Links are plain links; an application has a router here. */
function pageAt(path: string, token: string | null) {
  if (path === '/sign-up') return <SignUp />;
  if (path === '/reset-password') return linkToken ? <ResetPassword token={linkToken} /> : <ForgotPassword />;
  if (path === '/verify-email') return <VerifyEmail token={linkToken ?? ''} />;
  return token === null ? <SignIn /> : <Home token={token} />;
}

const root = document.querySelector('#root');
if (root) createRoot(root).render(<App />);

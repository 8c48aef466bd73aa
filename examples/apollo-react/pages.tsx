import { useMutation } from '@apollo/client/react';
import { Form } from '../shared/form.tsx';
import * as documents from '../shared/operations.generated.ts';
import { beginSession, useSession } from '../shared/session.ts';
import { told } from './client.ts';

export function SignIn() {
  const [login, { data, error }] = useMutation(documents.LoginDocument, told);
  return (
    <Form
      title="Sign in"
      asks={['username', 'password']}
      answer={data?.login ?? error}
      notice={useSession().notice}
      onSubmit={async ({ username, password }) => {
        const { data } = await login({ variables: { input: { username, password } } });
        beginSession(data?.login.token);
      }}
    />
  );
}

export function SignUp() {
  const [register, { data, error }] = useMutation(documents.RegisterDocument, told);
  return (
    <Form
      title="Sign up"
      asks={['username', 'email', 'password']}
      answer={data?.register ?? error}
      onSubmit={async ({ username, email, password }) => {
        const { data } = await register({ variables: { input: { username, email, password } } });
        beginSession(data?.register.token);
      }}
    />
  );
}

export function ForgotPassword() {
  const [request, { data, error }] = useMutation(documents.RequestPasswordResetDocument, told);
  return (
    <Form
      title="Mail me a link to a new password"
      asks={['email']}
      answer={data?.requestPasswordReset ?? error}
      onSubmit={({ email }) => request({ variables: { email } })}
    />
  );
}

/** @param token from the link in the mail, as below */
export function ResetPassword({ token }: { token: string }) {
  const [reset, { data, error }] = useMutation(documents.ResetPasswordDocument, told);
  return (
    <Form
      title="Set a new password"
      asks={['newPassword']}
      answer={data?.resetPassword ?? error}
      onSubmit={({ newPassword }) => reset({ variables: { input: { token, newPassword } } })}
    />
  );
}

/** Waits for a click: programs that read mail open links as well. */
export function VerifyEmail({ token }: { token: string }) {
  const [verify, { data, error }] = useMutation(documents.VerifyEmailDocument, told);
  return (
    <Form
      title="Confirm my email address"
      asks={[]}
      answer={data?.verifyEmail ?? error}
      onSubmit={() => verify({ variables: { token } })}
    />
  );
}

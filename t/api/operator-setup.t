#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The first account is made by whoever can read the one-time code in the state
# directory.  With an account there is no code any more.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $file = $t->state_dir . '/setup-code';

ok(wait_for(sub { -s $file }, 10, 'a code'), 'there is a code');

my (undef, undef, $mode) = stat $file;

is(sprintf('%04o', $mode & 07777), '0600', 'that nobody else may read');
like($t->log, qr/\[error\].*one-time code.*\Q$file\E/, 'the log tells where');

my $code = slurp($file);

ok(length $code >= 20, 'it is long');
unlike($t->log, qr/\Q$code\E/, 'and is not in the log');

my %account = (
    login => 'admin', name => 'Ada', password => 'correct horse battery',
);

# not with any other code

for my $wrong ('', substr($code, 0, -1), "${code}x") {
    my $res = set_up(code => $wrong);

    is($res->code, 403, 'a wrong code');
    is($res->json->{type}, 'urn:ngx-chat:code', 'and says so');
}

is_deeply([$t->rows('SELECT 1 FROM operator')], [], 'no account yet');
ok(-e $file, 'the code is still there');

# not with a field that is wrong

for my $case ([login => 'no spaces'], [login => ''], [name => ' '],
              [password => 'too short'], [password => 'x' x 201],
              [code => 'x' x 65], [code => undef])
{
    my ($field, $value) = @$case;
    my $res = set_up(code => $code, $field => $value);

    is($res->code, 422, "a wrong field: $field");
    is($res->json->{field}, $field, 'which is named');
}

# the right one, twice in the same moment

my $browser = $t->browser;

my @both = $browser->all(map {
    $browser->post_p('operator/setup', { %account, code => $code });
} 1 .. 2);

is_deeply([sort map { $_->code } @both], [201, 409], 'one of two is the first');

my ($first) = grep { $_->code == 201 } @both;

is($first->json->{operator}{role}, 'admin', 'an administrator');
is($first->json->{operator}{login}, 'admin', 'with this login');
unlike($first->body, qr/correct horse|argon/, 'and no password in the answer');
is($first->headers->set_cookie, undef, 'it is no log-in');

# from now on the code is nothing

ok(wait_for(sub { !-e $file }, 10, 'no code'), 'the code is gone');

my $again = set_up(code => $code);

is($again->code, 409, 'a second time');
is($again->json->{type}, 'urn:ngx-chat:set-up', 'there is an account already');
is(scalar(my @rows = $t->rows('SELECT 1 FROM operator')), 1, 'and no other');

my ($row) = $t->rows('SELECT password FROM operator');

like($row->{password}, qr/^\$argon2id\$/, 'the password is hashed');

is($t->browser->post('operator/session', {
       login => 'admin', password => $account{password},
   })->code, 201, 'the account can log in');

# a restart makes no new code

$t->stop;
$t->start;

is($t->browser->post('operator/session', {
       login => 'admin', password => $account{password},
   })->code, 201, 'also after a restart');
ok(!-e $file, 'with no new code');

$t->done;


sub set_up (%changes) {
    return $t->browser->post('operator/setup', { %account, %changes });
}


sub slurp ($path) {
    open my $fh, '<', $path or die "$path: $!\n";
    my $line = <$fh>;
    chomp $line;
    return $line;
}

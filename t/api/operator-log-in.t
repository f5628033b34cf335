#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Logging in and out: the cookie, what a wrong password is told, and sessions
# that are nobody's.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $admin = $t->admin;

my %right = (login => $admin->login, password => $admin->password);

my $res = $t->browser->post('operator/session', \%right);

is($res->code, 201, 'logged in');
is($res->json->{operator}{name}, 'Ada', 'as oneself');
is($res->json->{operator}{role}, 'admin', 'with one\'s role');
is($res->json->{operator}{status}, 'offline', 'not taking anybody yet');
ok(!$res->json->{operator}{present}, 'and not present');
cmp_ok($res->json->{expires_at} / 1000, '>', time + 6 * 86400, 'for a week');
unlike($res->body, qr/argon|correct horse/, 'nothing of the password');

my ($pair, @attributes) = split /; /, $res->headers->set_cookie;

like($pair, qr/^chat_operator=[\w-]{20,}$/, 'a session');
is_deeply([sort @attributes],
          [sort 'Path=/', 'Max-Age=604800', 'HttpOnly', 'SameSite=Strict'],
          'for no script, and Strict');

# what is on the disk does not let anybody in

my ($token) = $pair =~ /=(.*)/;

is(scalar(grep { $_->{dump} =~ /\Q$token\E/ }
          $t->rows('SELECT quote(hash) || quote(CAST(hash AS TEXT)) AS dump'
                   . ' FROM session')), 0, 'the session is stored as a hash');
unlike($t->log, qr/\Q$token\E/, 'and is not in the log');

# every log-in is a session of its own

my $second = $t->browser->post('operator/session', \%right);

isnt($second->headers->set_cookie, $res->headers->set_cookie, 'another one');

# a phone writes the first letter large

is($t->browser->post('operator/session',
                     { %right, login => ucfirst $right{login} })->code, 201,
   'the case of the login does not count');

# an attacker's session is not taken over

my $fixed = $t->browser->post('operator/session', \%right, headers => {
    Cookie => 'chat_operator=' . 'A' x length $token,
});

unlike($fixed->headers->set_cookie, qr/=A+;/, 'a session is always new');

# a wrong password and no account are told alike

my @wrong = map { $t->browser->post('operator/session', $_) } (
    { %right, password => 'wrong horse battery' },
    { %right, login => 'nobody' },
    { %right, login => 'Admin ' },
    { %right, password => '' },
    { %right, password => "$right{password}\0" =~ s/\0/ /r },
);

for my $res (@wrong) {
    is($res->code, 401, 'not logged in');
    is($res->body, $wrong[0]->body, 'and told no more');
    is($res->headers->set_cookie, undef, 'no session');
}

like($t->log, qr/\[warn\].*chat log-in failed: wrong password for "admin"/,
     'the log says so');
unlike($t->log, qr/wrong horse/, 'but not with what');

# sessions that are nobody's

my %nobodys = (
    'of another length' => 'x',
    'unknown' => 'A' x length $token,
    'empty' => '',
    'longer' => "${token}A",
    'shorter' => substr($token, 0, -1),
    'huge' => 'A' x 3000,
    'no text' => "\xff" x length $token,
);

for my $what (sort keys %nobodys) {
    is(session($nobodys{$what})->code, 401, "a session that is $what");
}

is(session($token)->code, 200, 'and the one that is somebody\'s');
is($t->browser->get('operator/session',
                    headers => { Authorization => "Bearer $token" })->code,
   401, 'a session is no bearer token');

# out

is($admin->log_out->code, 204, 'logged out');
is($admin->who_am_i->code, 401, 'this one is over');
is($admin->log_out->code, 401, 'there is nothing to end any more');
is(session($token)->code, 200, 'the other ones are not');

is_deeply([map { "$_->{action} $_->{operator}" }
           $t->rows('SELECT action, operator FROM audit ORDER BY id DESC'
                    . ' LIMIT 1')],
          ['operator.logout ' . $admin->id], 'who came and went is kept');

my $out = $t->browser->delete('operator/session',
    headers => { Cookie => "chat_operator=$token" });

like($out->headers->set_cookie, qr/^chat_operator=; Path=\/; Max-Age=0;/,
     'the cookie is taken away');
is(session($token)->code, 401, 'and would be worth nothing');

$t->done;


sub session ($value) {
    return $t->browser->get('operator/session',
        headers => { Cookie => "a=b; chat_operator=$value" });
}

#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A visitor who opens the chat gets an identity in a cookie, comes back with
# it, and leaves no trace on the server before the first message.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $visitor = $t->visitor;
my $opened = $visitor->opened;

is($opened->code, 200, 'opened');
is($visitor->session->{conversation}, undef, 'no conversation yet');
is_deeply($visitor->session->{events}, [], 'no events yet');
ok(!$visitor->session->{available}, 'nobody is there');
ok(!exists $visitor->session->{token}, 'on our own pages no script has it');
is($visitor->session->{limits}{text}, 4000, 'how long a text may be');
is($opened->headers->cache_control, 'no-store', 'it is for nobody else');

my ($pair, @attributes) = split /; /, $opened->headers->set_cookie;

like($pair, qr/^chat_visitor=[\w-]{20,}$/, 'an identity');
is_deeply([sort @attributes],
          [sort 'Path=/', 'Max-Age=31536000', 'HttpOnly', 'SameSite=Lax'],
          'for a year, for no script, and Lax');

is(counted('visitor'), 0, 'nothing is stored about one who only looks');
is(counted('conversation'), 0, 'no conversation is, either');

# what is asked before anything was said has an answer, too

is_deeply($visitor->history->json, { events => [], more => Mojo::JSON::false },
          'an empty history');
is($visitor->close->json->{conversation}, undef, 'nothing to close');
is($visitor->typing('Hel')->code, 204, 'typing is nothing to remember');
is($visitor->read(1)->code, 204, 'nor is reading');
is(counted('visitor'), 0, 'still nothing is stored');

# the first message

my $sent = $visitor->say('hello')->json;

is(counted('visitor'), 1, 'with the first message somebody is there');

# coming back

$visitor->open;

is($visitor->opened->code, 200, 'resumed');
is($visitor->opened->headers->set_cookie, undef, 'with the same identity');
is($visitor->session->{conversation}{id}, $sent->{conversation}{id},
   'the conversation is there');
is($visitor->session->{events}[-1]{data}{text}, 'hello',
   'and so is the message');
cmp_ok($visitor->session->{cursor}, '>=', $sent->{event}{id},
       'the cursor is behind it');

# a script that has no body to send

my $bare = $t->browser->request(POST => 'visitor/session');

is($bare->code, 200, 'a body is not needed');

# without Origin: not a browser of today, but not an attack on anybody

my $plain = $t->browser->post('visitor/session', {},
                              headers => { Origin => undef });

is($plain->code, 200, 'an Origin is not needed');
isnt($plain->headers->set_cookie, $opened->headers->set_cookie,
     'another one is another one');

# who has no identity

for my $path (qw(visitor/events?after=0 visitor/history)) {
    is($t->browser->get($path)->code, 401, "$path: nobody");
}

is($t->browser->post('visitor/messages',
                     { client_id => 'abcdefgh', text => 'hello' })->code,
   401, 'nobody says anything');

$t->done;


sub counted ($table) {
    return ($t->rows("SELECT count(*) AS n FROM $table"))[0]{n};
}

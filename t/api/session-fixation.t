#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A session that somebody else put into a browser is never taken over, and one
# that was replaced or left is over in every worker.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 4)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location /tls/ { chat; chat_secure on; }
    }
}
CONF

my $admin = $t->admin;
my $agent = $t->operator;
my $mallory = $t->operator;

my %right = map { $_ => $agent->$_ } qw(login password);

# a session of Mallory's, and one that nobody has, put there beforehand

my $planted = token($mallory->post('operator/session', {
    login => $mallory->login, password => $mallory->password,
}));
my $invented = 'A' x 43;

for my $old ($planted, $invented) {
    my $res = log_in(Cookie => "chat_operator=$old");
    my $new = token($res);

    is($res->code, 201, 'logged in');
    like($new, qr/^[\w-]{43}$/, 'with a session');
    isnt($new, $old, 'that is not the one that was there');
    is_deeply([who($new)], [200, $agent->id], 'it is one\'s own');
}

is((who($invented))[0], 401, 'what was invented has not become one');
is((who($planted))[0], 401, 'Mallory\'s ended in that browser');
is($mallory->who_am_i->code, 401, 'so nobody else can go on with it');

# a new log-in ends the one before it, also where a worker still knows that

my $first = token(log_in());

known($first, 200, 'the session is known');

my $second = token(log_in(Cookie => "chat_operator=$first"));

known($first, 401, 'it is over with the next log-in');
known($second, 200, 'that one is not');

# a failed log-in ends nothing

is(log_in(Cookie => "chat_operator=$second", password => 'a wrong one')->code,
   401, 'a wrong password');
known($second, 200, 'has ended nothing');

# the address of a page or a body brings no session

for my $path ("operator/session?chat_operator=$second",
              "operator/session?__Host-chat_operator=$second")
{
    is($t->browser->get($path)->code, 401, 'no session by an address');
}

is($t->browser->post('operator/conversations/1/close',
                     { chat_operator => $second })->code, 401,
   'no session by a body');

# log-out and a new password

my $third = token(log_in());

known($third, 200, 'a further one');
is($t->browser->delete('operator/session',
                       headers => { Cookie => "chat_operator=$third" })->code,
   204, 'logged out');
known($third, 401, 'over in every worker');
known($second, 200, 'and only this one');

my $fourth = token(log_in());

known($fourth, 200, 'one more');
is($t->browser->put('operator/password',
                    { current => $right{password},
                      password => 'quite another password' },
                    headers => { Cookie => "chat_operator=$second" })->code,
   204, 'a new password');
known($fourth, 401, 'ends the others');
known($second, 200, 'and not the one that changed it');

# The same with visitors.  What a neighbouring host may plant, a cookie for
# the whole domain, is none of ours under TLS: its name lacks the prefix that
# browsers keep to this host.

my $alice = $t->browser->post('/tls/api/v1/visitor/session', {}, headers => {
    Origin => $t->origin =~ s/^http/https/r,
});
my ($name, $token) = $alice->headers->set_cookie =~ /^([^=]+)=([^;]+)/;

is($name, '__Host-chat_visitor', 'the visitor\'s name under TLS');

for my $case (["chat_visitor=$token", 401, 'one that was planted'],
              ["$name=$token", 200, 'one\'s own'],
              ["chat_visitor=$token; $name=" . 'A' x 43, 401, 'a mixture'])
{
    my ($cookie, $code, $what) = @$case;

    is($t->browser->get('/tls/api/v1/visitor/history',
                        headers => { Cookie => $cookie })->code, $code, $what);
}

my $forged = $t->browser->post('visitor/session', {}, headers => {
    Cookie => "chat_visitor=$invented",
});

isnt($forged->headers->set_cookie =~ /=([^;]+)/ ? $1 : '', $invented,
     'nor is an invented visitor taken over');

$t->done;


sub log_in (%opt) {
    my $password = delete $opt{password} // $right{password};

    return $t->browser->post('operator/session',
                             { %right, password => $password },
                             headers => \%opt);
}


sub token ($res) {
    return ($res->headers->set_cookie // '') =~ /^chat_operator=([^;]+)/
           ? $1 : '';
}


sub who ($token) {
    my $res = $t->browser->get('operator/session',
                               headers => { Cookie => "chat_operator=$token" });

    return ($res->code, $res->code == 200 ? $res->json->{operator}{id} : ());
}


# in all workers: a connection of its own for each request

sub known ($token, $code, $what) {
    my $browser = $t->browser;

    # the workers hear of it right after the commit

    ok(wait_for(sub {
        !grep { $_->code != $code } $browser->all(map {
            $browser->get_p('operator/session', headers => {
                Cookie => "chat_operator=$token", Connection => 'close',
            });
        } 1 .. 24);
    }, 5, $what), $what);
}

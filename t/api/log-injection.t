#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Whatever people send, a log has nginx's own lines in it and no others, with
# nothing that moves a terminal's cursor, and none of their secrets.

use lib 't/lib';
use Chat;

use Routes ();

my $t = Chat->new->start;

my $admin = $t->admin;
my $agent = $t->operator;
my $visitor = $t->visitor;
my $browser = $t->browser;

$visitor->say('hello');

my $line = '2030/01/01 00:00:00 [emerg] 1#1: forged';

my @evil = (
    "\n$line", "\r\n$line", "\r$line", "x\e[2J\e]0;forged\a", "x\x{9b}31mforged",
    "x\x{85}$line", "x\x{2028}$line", "x\x7f\x08\x08", "x\0$line",
    'x", client: 192.0.2.1, request: "forged', '%0a' . $line, '\n' . $line,
    "\xf0\x9f forged", '%s%n%V%p forged',
);

# in every text of every body

my $bodies = 0;

for my $route (grep { $_->{body} } Routes->all) {
    my $who = $route->{path} =~ /^visitor/ ? $visitor : $admin;

    for my $field (sort keys %{ $route->{example} }) {
        next if ref $route->{example}{$field};

        for my $evil (@evil) {
            my ($method, $path) = Routes->request($route);

            $who->request($method, $path, json => {
                %{ $route->{example} }, $field => $evil,
            });
            $bodies++;
        }
    }
}

cmp_ok($bodies, '>', 200, 'all texts of all bodies');

$visitor->say("x $_", page => { url => $_, title => $_ }) for @evil;

# In what makes a line of its own: a role, an origin, a log-in that fails.
# Headers can't hold line ends, but nearly anything else.

for my $evil (map { s/[\r\n\0]/ /gr } @evil) {
    utf8::encode(my $bytes = $evil);

    for my $name (qw(Origin Cookie Authorization User-Agent Accept-Language
                     X-Forwarded-For Last-Event-ID Content-Type))
    {
        $browser->post('operator/session', {
            login => $evil, password => 'guess',
        }, headers => { $name => $bytes }, unjudged => 1);
        $browser->get('visitor/history', headers => { $name => $bytes },
                      unjudged => 1);
    }
}

# in the address, also as it is not allowed

my $host = '127.0.0.1:' . $t->port;

for my $evil (map { s/([^\w])/sprintf '%%%02x', ord $1 & 0xff/ger } @evil) {
    $t->raw("GET /chat/api/v1/admin/operators$_ HTTP/1.1\r\nHost: $host\r\n"
            . "Connection: close\r\n\r\n")
        for $evil, "?a=$evil", "/$evil/password";
    $t->raw("GET /chat/w/$evil HTTP/1.1\r\nHost: $host\r\n"
            . "Connection: close\r\n\r\n");
}

is($agent->get('admin/operators')->code, 403, 'one more line');

# what is there

my @lines = split /\n/, $t->log;
my $ours = qr{^\d{4}/\d\d/\d\d\ \d\d:\d\d:\d\d\ \[\w+\]\ \d+\#\d+:\ }x;

cmp_ok(scalar(grep { /\] \d+#\d+: \*\d+ chat / } @lines), '>', 100,
       'there are lines of ours');
is_deeply([grep { $_ !~ $ours } @lines], [], 'every line is nginx\'s own');
is_deeply([grep { /^[^\[]*2030/ || /\[emerg\]/ } @lines], [],
          'and none was forged');
is_deeply([grep { /[\x00-\x08\x0b-\x1f\x7f]/ } @lines], [],
          'nothing moves the cursor');
is_deeply([grep { / chat .*forged.*, client: / } @lines], [],
          'nor is anything repeated that somebody typed');

my @access = split /\n/, $t->read('access.log');

is_deeply([grep { !/^127\.0\.0\.1 - - \[\d\d\/\w+\/\d{4}:/ } @access], [],
          'the same in the log of requests');
is_deeply([grep { /[\x00-\x1f\x7f-\xff]/ } @access], [], 'which escapes');

# secrets are in neither

my ($session) = map { $_->value } @{ $agent->ua->cookie_jar->all };
my ($token) = map { $_->value } @{ $visitor->ua->cookie_jar->all };

for my $secret ($admin->password, $agent->password, 'a walked password',
                $session, $token)
{
    is(index($t->log . $t->read('access.log'), $secret), -1, 'no secret');
}

$t->done;

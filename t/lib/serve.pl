#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The harness for tests that are not Perl: t/lib/server.mjs starts this.
# Takes options as JSON in its argument, then a command a line: "reload",
# "kill", "upgrade", "stop", "start", "allow PATTERN", "done".  Answers each
# with a line of JSON; "done" (or the end of its input) tells what went wrong.

use v5.36;

use FindBin ();
use lib $FindBin::Bin;

use Chat;
use Mojo::JSON qw(decode_json encode_json);

STDOUT->autoflush(1);

# standard output is the channel: what tests say goes elsewhere

my $builder = Test::More->builder;
$builder->$_(*STDERR) for qw(output failure_output todo_output);
alarm(0);

my $opt = @ARGV ? decode_json($ARGV[0]) : {};
my $t = Chat->new(map { $_ => $opt->{$_} } grep { defined $opt->{$_} }
                  qw(workers log_level));
alarm(0);

$t->config($opt->{config} // shop())->start;

my %answer = (
    origin => $t->origin, dir => $t->dir, state => $t->state_dir,
    ports => { map { $_ => $t->port($_) } keys %{ $t->{port_held} } },
);

$answer{operator} = { map { $_ => $t->admin->{$_} } qw(login password name) }
    if $opt->{operator} // 1;

answer(\%answer);

my %command = (
    reload  => sub { $t->reload },
    kill    => sub { $t->kill_worker },
    upgrade => sub { $t->upgrade },
    stop    => sub { $t->stop },
    start   => sub { $t->start },
    allow   => sub ($pattern) { $t->allow(qr/$pattern/) },
    account => sub ($json) {
        my $operator = $t->operator(%{ decode_json($json) });
        return { map { $_ => $operator->{$_} } qw(id login password name) };
    },
);

while (my $line = <STDIN>) {
    chomp $line;
    my ($name, $argument) = split / /, $line, 2;

    last if $name eq 'done';

    my $result = eval { $command{$name}->($argument // ()) };
    answer($@ ? { error => $@ } : ref $result eq 'HASH' ? $result : {});
}

$t->finish_upgrade;
$t->stop;
$t->{finished} = 1;

answer({ wrong => [ @{ $t->{broken} }, $t->alarming ] });
exit 0;


sub answer ($data) {
    say STDOUT encode_json($data);
}


# as in script/server

sub shop {
    return <<'CONF';
%%GLOBALS%%

events { }

http {
    include /etc/nginx/mime.types;
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        root %%STATIC%%/demo;
        include %%ROOT%%/static/demo/shop.conf;

        location /chat/ { chat; }
    }
}
CONF
}

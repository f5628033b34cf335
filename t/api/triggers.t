#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Rules of invitations: who may make them, what one must be, their order, on
# and off, deleted and back.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $admin = $t->admin;
my $agent = $t->operator;

my %rule = (
    name => 'Long on the page', text => 'Hello {{visitor.name|there}}',
    conditions => [{ fact => 'time_on_page', op => 'at_least', value => 30 }],
);

is($agent->get('admin/triggers')->code, 403, 'not an agent');
is($agent->post('admin/triggers', \%rule)->code, 403, 'nor to write');
is_deeply($admin->get('admin/triggers')->json->{triggers}, [], 'none at first');

my $res = $admin->post('admin/triggers', \%rule);

is($res->code, 201, 'made');

my $one = $res->json->{trigger};

is($one->{match}, 'all', 'all conditions');
is($one->{share}, 100, 'for everybody');
is($one->{quiet_days}, 7, 'a week of quiet');
ok($one->{enabled} && $one->{attended}, 'on, while somebody is there');
is_deeply($one->{hours},
          { days => [1 .. 7], from => '00:00', to => '00:00' }, 'always');
is_deeply($one->{conditions}, $rule{conditions}, 'the conditions');
is_deeply($one->{counts}, { map { $_ => 0 } qw(shown opened dismissed
                                               conversations orders) },
          'nothing became of it yet');

# written anew, with all that there is

my %whole = (
    name => 'Another', text => 'Hi', match => 'any', enabled => \0,
    attended => \0, share => 50, sender => 'Zoe', delay => 3, quiet_days => 30,
    hours => { days => [1, 5], from => '09:00', to => '18:30' },
    conditions => [
        { fact => 'page', op => 'starts', value => '/shop/' },
        { fact => 'custom', name => 'plan', op => 'is', value => 'gold' },
        { fact => 'exit', op => 'is', value => \1 },
        { fact => 'time_on_page', op => 'at_least', value => 'average' },
    ],
);

$res = $admin->request('PUT', "admin/triggers/$one->{id}", json => \%whole);

is($res->code, 200, 'written anew');

my $again = $res->json->{trigger};

is($again->{$_}, $whole{$_}, $_)
    for qw(name text match share sender delay quiet_days);
is_deeply($again->{hours}, $whole{hours}, 'hours');
is(scalar @{ $again->{conditions} }, 4, 'conditions');
is($again->{conditions}[3]{value}, 'average', 'the average');
ok(!$again->{enabled} && !$again->{attended}, 'off, whoever is there');

# what is none

for my $wrong (
    ['name', name => ''],
    ['text', text => '   '],
    ['text', text => 'x' x 301],
    ['match', match => 'some'],
    ['share', share => 0],
    ['share', share => 101],
    ['delay', delay => -1],
    ['conditions', conditions => {}],
    ['conditions', conditions => [({ fact => 'exit', op => 'is',
                                     value => \1 }) x 17]],
    ['conditions.0.fact', conditions => [{ fact => 'moon', op => 'is',
                                           value => 1 }]],
    ['conditions.0.value', conditions => [{ fact => 'pages', op => 'is',
                                            value => 'many' }]],
    ['hours.days', hours => { days => [8], from => '09:00', to => '10:00' }],
    ['hours.from', hours => { days => [1], from => '09.00', to => '10:00' }],
    ['hours.from', hours => { days => [1], from => '9:00', to => '10:00' }],
    ['hours', hours => { days => [1], from => '090:0', to => '10:00' }],
    ['hours', hours => { days => [1], from => '25:00', to => '10:00' }],
) {
    my ($field, %with) = @$wrong;

    $res = $admin->post('admin/triggers', { %rule, %with });

    is($res->code, 422, "$field is refused");
    is($res->json->{field}, $field, 'and named');
}

for my $lacks (qw(name text conditions)) {
    my %less = %rule;

    delete $less{$lacks};
    is($admin->post('admin/triggers', \%less)->json->{field}, $lacks,
       "$lacks is needed");
}

# their order

my @ids = ($one->{id}, map {
    $admin->post('admin/triggers', { %rule, name => "r$_" })
        ->json->{trigger}{id}
} 1 .. 2);

is_deeply(order(), \@ids, 'as they were made');

$admin->request('PATCH', "admin/triggers/$ids[2]",
                json => { position => position($ids[0]) });
is_deeply(order(), [@ids[2, 0, 1]], 'the last one first');

$admin->request('PATCH', "admin/triggers/$ids[1]",
                json => { enabled => \0 });
is_deeply(order(), [@ids[2, 0, 1]], 'off is no other place');

# deleted, and back

is($admin->request('DELETE', "admin/triggers/$ids[0]")->code, 204, 'deleted');
is_deeply(order(), [@ids[2, 1]], 'gone');
is($admin->request('PUT', "admin/triggers/$ids[0]", json => \%rule)->code,
   404, 'not to be written');

$res = $admin->request('PATCH', "admin/triggers/$ids[0]",
                       json => { deleted => \0 });

is($res->code, 200, 'back');
is_deeply(order(), [@ids[2, 0, 1]], 'in its place');
is($admin->request('PATCH', 'admin/triggers/999', json => {})->code, 404,
   'one that there is not');

$t->stop;
$t->start;
is_deeply(order(), [@ids[2, 0, 1]], 'over a restart');

$t->done;


sub order { [map { $_->{id} } @{ list() }] }
sub list { $admin->get('admin/triggers')->json->{triggers} }

sub position ($id) {
    return (grep { $_->{id} == $id } @{ list() })[0]{position};
}
